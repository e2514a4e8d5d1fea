import { monthOfChain } from './chain-name.ts';

/** What a database must know of a line to find it again. */
export interface Columns {
  month: string;
  chain: string;
  number: number;
  at_ms: number;
  nature: string;
  siren: string | null;
  /** SIRET of the public body concerned. */
  body: string | null;
  /** The access that a contestation is about. */
  contested: string | null;
}

interface Readable {
  n: number;
  le: string;
  nature: string;
  qui?: { organisme: string | null };
  quoi?: { siren: string | null };
  siren?: string;
  organisme?: string | null;
  acces?: string;
}

/** @throws when the text is no line of ours */
export function columnsOf(chain: string, text: string): Columns {
  const line = JSON.parse(text) as Readable;
  return {
    month: monthOfChain(chain),
    chain,
    number: line.n,
    at_ms: Date.parse(line.le),
    nature: line.nature,
    siren: line.siren ?? line.quoi?.siren ?? null,
    body: line.organisme ?? line.qui?.organisme ?? null,
    contested: line.acces ?? null,
  };
}
