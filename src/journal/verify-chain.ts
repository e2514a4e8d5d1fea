import { z } from 'zod';
import type { StoredLine } from './chain-store.ts';
import { accessSchema, contestationSchema, purgeSchema, refusalsSchema } from './entry.ts';
import { hashOf } from './line.ts';
import { createSealedLines } from './merkle.ts';
import { checkpointSchema, type Head, isSigned, openingSchema } from './seal-line.ts';
import type { CheckSignature } from './signing.ts';

/** What is wrong with a line. */
export const FAULTS = {
  illisible: 'ce n’est pas une ligne du journal',
  alteree: 'la ligne a été modifiée, ou celle qui la précède',
  manquante: 'des lignes manquent jusqu’à celle-ci',
  deplacee: 'la ligne n’est pas à sa place',
  mal_rangee: 'les colonnes ne disent pas ce que dit la ligne',
  sans_ouverture: 'la chaîne ne commence pas par son ouverture',
  apres_fermeture: 'la ligne vient après la fermeture de la chaîne',
  signature: 'le contrôle n’est pas signé par une clé connue',
  racine: 'le contrôle ne répond pas des lignes qui le précèdent',
  non_controlee: 'des lignes sont restées plus de dix minutes sans contrôle signé',
  fin_coupee: 'la fin de la chaîne a été retirée, à partir de cette ligne',
  chaine_disparue: 'la chaîne a été retirée',
  ajoutee: 'la ligne a été ajoutée : des contrôles plus récents qu’elle ne l’ont pas vue',
  chaine_recrite: 'la chaîne n’est plus celle qu’une autre a vue',
  temoignages_contraires: 'deux contrôles ne disent pas la même chose de cette ligne',
} as const;

/** What may be so without anybody having touched the journal. */
export const NOTES = {
  interrompue:
    'la chaîne n’est pas fermée : son processus vit encore, ou a été tué ; son dernier contrôle est',
  ligne_tronquee:
    'octets d’une ligne que la fin du processus a interrompue ; personne n’en attendait la réponse',
} as const;

export type Finding =
  | { fault: keyof typeof FAULTS; chain: string; number: number; at: string | null }
  | { note: keyof typeof NOTES; chain: string; count: number };

const lineSchema = z.discriminatedUnion('nature', [
  openingSchema,
  accessSchema,
  contestationSchema,
  refusalsSchema,
  purgeSchema,
  checkpointSchema,
]);
export type ReadLine = z.infer<typeof lineSchema>;

/** Seals come every minute; a machine may sleep. */
export const MAX_UNSEALED_MS = 10 * 60_000;
/** How many lines back one that was moved is still recognised. */
const RECENT = 1_000;

/** Follows one chain, line by line. */
export function createChainCheck(chain: string, check: CheckSignature) {
  /** By number, the hashes that the next line may be chained to: the one stored, the one worked out. */
  const recent = new Map<number, string[]>([[0, [chain]]]);
  const claims = new Map<string, Head>();
  let unsealed = createSealedLines();
  let unsealedSinceMs: number | null = null;
  let isRangeSound = true;
  let expected = 1;
  let last: Head = { chaine: chain, n: 0, empreinte: chain };
  let sealedTo = 0;
  let isClosed = false;
  let lastSealMs = 0;
  /** What a line says was deleted, and what a seal has answered for since: anybody can add a line at an end. */
  let saidPurgedTo = '';
  let purgedTo = '';
  const counts = { lines: 0, seals: 0 };
  let torn = 0;

  function fault(name: keyof typeof FAULTS, number: number, line?: ReadLine): Finding {
    isRangeSound = false;
    return { fault: name, chain, number, at: line?.le ?? null };
  }

  function* next(stored: StoredLine): Generator<Finding> {
    if (stored.kind === 'torn') {
      torn = stored.bytes;
      return;
    }
    const line = stored.kind === 'line' ? readLine(stored.text) : null;
    if (stored.kind !== 'line' || !line) {
      yield fault('illisible', expected);
      expected++;
      return;
    }
    counts.lines++;
    yield* place(line);
    yield* link(line, stored.hash, hashesFor(line, stored));
    if (stored.isMisfiled) yield fault('mal_rangee', line.n, line);
    if (line.nature === 'purge' && line.jusqu_a > saidPurgedTo) saidPurgedTo = line.jusqu_a;
    if ('signature' in line) yield* seal(line, stored.text);
    else yield* leave(line, stored.hash);
    last = { chaine: chain, n: line.n, empreinte: stored.hash };
  }

  /** What its text comes to, chained to each of the hashes that the line before may have. */
  function hashesFor({ n }: ReadLine, { text }: { text: string }): string[] {
    return (recent.get(n - 1) ?? []).map((before) => hashOf(before, text));
  }

  function* place(line: ReadLine): Generator<Finding> {
    if (line.n > expected) yield fault('manquante', expected, line);
    if (line.n < expected) yield fault('deplacee', line.n, line);
    expected = Math.max(expected, line.n + 1);
    if (line.n === 1 && line.nature !== 'ouverture') yield fault('sans_ouverture', 1, line);
    if (isClosed) yield fault('apres_fermeture', line.n, line);
  }

  function* link(line: ReadLine, hash: string, sums: readonly string[]): Generator<Finding> {
    // Of a line that is missing the hash is not known; that it is missing was said.
    if (sums.length > 0 && !sums.includes(hash)) yield fault('alteree', line.n, line);
    recent.set(line.n, [...new Set([hash, ...sums.slice(0, 1)])]);
    recent.delete(line.n - RECENT);
  }

  function* leave(line: ReadLine, hash: string): Generator<Finding> {
    unsealed.add(hash);
    const atMs = Date.parse(line.le);
    unsealedSinceMs ??= atMs;
    if (atMs - unsealedSinceMs > MAX_UNSEALED_MS) {
      yield fault('non_controlee', line.n, line);
      unsealedSinceMs = atMs;
    }
  }

  function* seal(line: Extract<ReadLine, { signature: string }>, text: string): Generator<Finding> {
    counts.seals++;
    const isTrusted = line.chaine === chain && isSigned(text, line, check);
    if (!isTrusted) yield fault('signature', line.n, line);
    else {
      for (const head of line.vues) claims.set(head.chaine, furthest(claims.get(head.chaine), head));
      purgedTo = saidPurgedTo;
      lastSealMs = Date.parse(line.le);
    }
    if (line.nature !== 'ouverture' && isRangeSound && !covers(line)) yield fault('racine', line.n, line);
    if (line.nature === 'ouverture' && line.n !== 1) yield fault('deplacee', line.n, line);
    isClosed ||= line.nature === 'fermeture';
    unsealed = createSealedLines();
    unsealedSinceMs = null;
    isRangeSound = true;
    sealedTo = line.n;
  }

  function covers({ avant, depuis, racine }: z.infer<typeof checkpointSchema>): boolean {
    return avant === last.empreinte && depuis === sealedTo + 1 && racine === unsealed.root();
  }

  function* end(): Generator<Finding> {
    if (torn > 0) yield { note: 'ligne_tronquee', chain, count: torn };
    if (!isClosed) yield { note: 'interrompue', chain, count: sealedTo };
  }

  return {
    next,
    end,
    head: () => last,
    /** Number of the last line that the chain answers for by itself, and epoch milliseconds of its last seal. */
    sealed: () => ({ to: sealedTo, atMs: lastSealMs }),
    seen: () => claims.values(),
    purgedTo: () => purgedTo,
    counts: () => counts,
  };
}

function furthest(known: Head | undefined, head: Head): Head {
  return known && known.n > head.n ? known : head;
}

export function readLine(text: string): ReadLine | null {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
