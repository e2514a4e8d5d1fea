import { z } from 'zod';
import { Broken } from '../storage/database.ts';
import { isChainName } from './chain-name.ts';
import { type AccessLine, accessSchema, contestationSchema } from './entry.ts';
import type { Concerned, FoundAccess, Lookup, Position } from './lookup.ts';
import { piecesIn } from './pieces.ts';
import { openingSchema } from './seal-line.ts';

export interface Contestation {
  le: string;
  texte: string;
}

/** An access, as it is shown to those whom it concerns. */
export interface Consultation extends Omit<AccessLine, 'n' | 'nature' | 'quoi'> {
  id: string;
  siren: string | null;
  conservees: string[];
  demandees: string[];
  empreinte: string | null;
  contestations: Contestation[];
}

export interface ConsultationsPage {
  consultations: Consultation[];
  /** Where the next page begins; null when this is the last. */
  next: string | null;
}

export interface Consultations {
  /** The latest first. */
  list(concerned: Concerned, after: Position | null, limit: number): Promise<ConsultationsPage | Broken>;
  /** Null when there is none of that id. */
  find(id: string): Promise<Consultation | null | Broken>;
}

const ID = /^(.{28})-(\d{1,15})$/;

export function createConsultations(lookup: Omit<Lookup, 'close'>): Consultations {
  async function withContestations(found: FoundAccess[]): Promise<Consultation[] | Broken> {
    const consultations = found.map(consultationIn);
    if (consultations.length === 0) return consultations;
    const texts = await lookup.contestations(consultations.map(({ id }) => id));
    if (texts instanceof Broken) return texts;
    for (const text of texts) {
      const { acces, le, texte } = contestationSchema.parse(JSON.parse(text));
      consultations.find(({ id }) => id === acces)?.contestations.push({ le, texte });
    }
    return consultations;
  }

  return {
    async list(concerned, after, limit) {
      const found = await lookup.accesses(concerned, after, limit + 1);
      if (found instanceof Broken) return found;
      const consultations = await withContestations(found.slice(0, limit));
      if (consultations instanceof Broken) return consultations;
      const last = found.length > limit ? found[limit - 1] : undefined;
      return { consultations, next: last ? cursorOf(last) : null };
    },
    async find(id) {
      const [, chain = '', number = ''] = ID.exec(id) ?? [];
      if (!isChainName(chain)) return null;
      const found = await lookup.access(chain, Number(number));
      if (found === null || found instanceof Broken) return found;
      const consultations = await withContestations([found]);
      return consultations instanceof Broken ? consultations : (consultations[0] ?? null);
    },
  };
}

function consultationIn({ chain, number, text, opening }: FoundAccess): Consultation {
  const { n: _n, nature: _nature, quoi, ...line } = accessSchema.parse(JSON.parse(text));
  const { sources } = openingSchema.parse(JSON.parse(opening));
  return {
    id: `${chain}-${number}`,
    ...line,
    siren: quoi.siren,
    conservees: piecesIn(quoi.conservees, sources),
    demandees: piecesIn(quoi.demandees, sources),
    empreinte: quoi.empreinte,
    contestations: [],
  };
}

/** What a date can be made of (ECMA-262, 21.4.1.1). */
const MAX_MS = 8.64e15;
const positionSchema = z.tuple([z.string().refine(isChainName), z.int().min(0).max(MAX_MS), z.int()]);

function cursorOf({ chain, atMs, number }: FoundAccess): string {
  return Buffer.from(JSON.stringify([chain, atMs, number])).toString('base64url');
}

/** Null for what is no cursor of ours. */
export function positionIn(cursor: string): Position | null {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    return null;
  }
}
