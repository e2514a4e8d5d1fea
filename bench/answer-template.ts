import { PERSONA, type RecordedAnswer } from './record-answers.ts';

export interface AnswerTemplate {
  status: number;
  type: string;
  /** The bytes of the answer about another company: only the digits change, so it is a copy and a few writes. */
  about(identifier: string): Buffer;
}

interface Place {
  offset: number;
  /** Digits to write there: those of a SIREN, or of a whole SIRET. */
  length: number;
}

export function answerTemplateOf({ status, type, body }: RecordedAnswer): AnswerTemplate {
  const bytes = Buffer.from(body);
  const places = placesIn(bytes);
  return {
    status,
    type,
    about(identifier) {
      const copy = Buffer.from(bytes);
      for (const { offset, length } of places) copy.write(identifier.slice(0, length), offset, 'latin1');
      return copy;
    },
  };
}

/** The gateway sets aside an answer about another company: the persona's identifiers must all give way. */
function placesIn(bytes: Buffer): Place[] {
  const places: Place[] = [];
  for (
    let offset = bytes.indexOf(PERSONA.siren);
    offset >= 0;
    offset = bytes.indexOf(PERSONA.siren, offset + 1)
  ) {
    const isSiret = bytes.subarray(offset).indexOf(PERSONA.siret) === 0;
    places.push({ offset, length: isSiret ? PERSONA.siret.length : PERSONA.siren.length });
  }
  return places;
}
