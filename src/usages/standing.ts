import type { z } from 'zod';
import type { Period } from '../dossier/outcome.ts';
import type { Piece } from '../dossier/piece.ts';
import { type Day, dayOfUnixSeconds, daysAfter } from '../dossier/time.ts';
import type { Source } from '../sources/source.ts';
import type { Known } from './usage-definition.ts';

/**
 * How a piece stands on the day examined.
 *
 * - `holds`: a proof in force that day
 * - `refused`: the source stated, for that day, that the company does not comply
 * - `awaited`: a later call will bring an answer: late, failed, under examination, stale, or of a day to come
 * - `outdated`: what the source gives speaks of other days, and always will
 * - `absent`: the source does not know the company, or does not cover it
 * - `closed`: rights do not allow to read it
 * - `unasked`: of no use to the usage, at this stage
 */
export type Standing = 'holds' | 'refused' | 'awaited' | 'outdated' | 'absent' | 'closed' | 'unasked';

/** Pieces, and the days for which and on which they are looked at. */
export type Dated = Pick<Known, 'pieces' | 'date' | 'today'>;

/** What is stated on a day holds that day and the next: no source is renewed less often than every night. */
const RENEWED_DAYS = 1;
/** Of what bears no instant, which no statement of a source does: it proves nothing any more. */
const EPOCH = '1970-01-01T00:00:00Z';
const MS_PER_SECOND = 1000;

export function standingOf(source: string, { pieces, date, today }: Dated): Standing {
  const piece = pieces[source];
  switch (piece?.statut) {
    case 'obtenu':
      return covers(provedBy(piece), date) ? 'holds' : elsewhen(piece, date, today);
    case 'refuse':
      return !piece.perime && covers(stateOn(piece), date) ? 'refused' : elsewhen(piece, date, today);
    case 'non_trouve':
      return piece.perime ? 'awaited' : 'absent';
    case 'hors_perimetre':
      return 'absent';
    case 'differe':
    case 'indisponible':
    case 'en_examen':
      return 'awaited';
    case 'non_autorise':
      return 'closed';
    default:
      return 'unasked';
  }
}

/** A stale answer will be renewed; a day to come will have its own answer. */
function elsewhen({ perime }: Piece, date: Day, today: Day): Standing {
  return perime || date > today ? 'awaited' : 'outdated';
}

/** Days that a proof speaks of: its own where it has some, else those of a statement of the day. */
function provedBy(piece: Piece): Period {
  const { du, au } = piece.validite;
  if (au !== null) return { du: du ?? obtainedOn(piece), au };
  return PERIODS[piece.source]?.(piece) ?? stateOn(piece);
}

const PERIODS: Record<string, (piece: Piece) => Period> = {
  dgfip_attestation_fiscale: fiscalPeriod,
  dgfip_attestation_fiscale_mere: fiscalPeriod,
  urssaf_attestation_vigilance: unreadVigilance,
};

/**
 * A tax certificate speaks of the last day of a month (BOI-DJC-ARF §180), for the month that follows; to the first
 * day of the next one included, on which the hub still gives it until 8.
 */
function fiscalPeriod(piece: Piece): Period {
  const { du } = piece.validite;
  if (du === null) return stateOn(piece);
  const nextMonth = Temporal.PlainDate.from(du).add({ days: 1 }).with({ day: 1 });
  return { du, au: nextMonth.add({ months: 1 }).toString() };
}

/** A vigilance certificate whose dates could not be read: one just delivered has three months left at least. */
function unreadVigilance(piece: Piece): Period {
  const du = obtainedOn(piece);
  return { du, au: Temporal.PlainDate.from(du).add({ months: 3 }).toString() };
}

function stateOn(piece: Piece): Period {
  const du = obtainedOn(piece);
  return { du, au: daysAfter(du, RENEWED_DAYS) };
}

/** Day in Paris. */
function obtainedOn({ obtenu_le }: Piece): Day {
  return dayOfUnixSeconds(Date.parse(obtenu_le ?? EPOCH) / MS_PER_SECOND);
}

function covers({ du, au }: Period, date: Day): boolean {
  return (du === null || du <= date) && (au === null || date <= au);
}

/** Whether a register, which tells the past as well, had been renewed when the day examined came. */
export function tells(source: string, { pieces, date }: Pick<Dated, 'pieces' | 'date'>): boolean {
  const piece = pieces[source];
  return piece?.statut === 'obtenu' && date <= (stateOn(piece).au ?? '');
}

/** The same, of an answer that may be held against the company: a stale one may not. */
export function tellsAgainst(source: string, known: Known): boolean {
  return tells(source, known) && known.pieces[source]?.perime === false;
}

/** Whether the source itself is late, down, examining or not renewed, whatever the day examined. */
export function isPending(source: string, known: Known): boolean {
  const piece = known.pieces[source];
  if (piece === undefined || standingOf(source, known) !== 'awaited') return false;
  return piece.perime || !['obtenu', 'refuse'].includes(piece.statut);
}

/** Whether any of the sources may still answer. */
export function isAwaited(sources: readonly string[], known: Known): boolean {
  return sources.some((source) => standingOf(source, known) === 'awaited');
}

/** Those of the sources that were asked, or left out by rule. */
export function asked(sources: readonly string[], { pieces }: Known): string[] {
  return sources.filter((source) => (pieces[source]?.statut ?? 'non_demande') !== 'non_demande');
}

/** What a source said, in the shape that it declares. */
export function donneesOf<S extends Pick<Source, 'id' | 'schemas'>>(
  { id }: S,
  { pieces }: Known,
): z.output<S['schemas']['donnees']> | null {
  const piece = pieces[id];
  return piece?.statut === 'obtenu' ? (piece.donnees as z.output<S['schemas']['donnees']> | null) : null;
}
