import { isChainName, monthOfChain } from './chain-name.ts';
import type { ChainArchive } from './chain-store.ts';
import { numberIn } from './line.ts';
import type { Head } from './seal-line.ts';
import type { CheckSignature } from './signing.ts';
import { type Sealed, unseenIn } from './unseen-lines.ts';
import { createChainCheck, type Finding } from './verify-chain.ts';

export interface VerifyOptions {
  archive: ChainArchive;
  check: CheckSignature;
  /** Heads known from elsewhere: logs, another machine. */
  witnesses?: readonly Head[];
}

export interface VerifySummary {
  chains: number;
  lines: number;
  seals: number;
}

/**
 * Reads a whole journal and tells what was altered, removed, moved or added, as it finds it. Memory is that of the
 * list of chains.
 *
 * What a journal cannot tell by itself: that its end was cut off where no seal of another chain has seen it.
 * Witnesses can.
 */
export async function* verify(options: VerifyOptions): AsyncGenerator<Finding, VerifySummary> {
  const { archive, check, witnesses = [] } = options;
  const summary = { chains: 0, lines: 0, seals: 0 };
  const ends = new Map<string, Head>();
  const seals = new Map<string, Sealed>();
  const claims = createClaims(witnesses);
  let purgedTo = '';
  for (const month of await archive.months()) {
    for (const chain of await archive.chains(month)) {
      if (!isChainName(chain) || monthOfChain(chain) !== month) {
        yield { fault: 'mal_rangee', chain, number: 1, at: null };
        continue;
      }
      const checking = createChainCheck(chain, check);
      for await (const stored of archive.read(chain)) yield* checking.next(stored);
      yield* checking.end();
      ends.set(chain, checking.head());
      seals.set(chain, checking.sealed());
      for (const head of checking.seen()) yield* claims.add(head);
      if (checking.purgedTo() > purgedTo) purgedTo = checking.purgedTo();
      summary.chains++;
      summary.lines += checking.counts().lines;
      summary.seals += checking.counts().seals;
    }
  }
  for (const claim of claims.furthest()) {
    const end = ends.get(claim.chaine);
    if (!end && monthOfChain(claim.chaine) <= purgedTo) continue;
    yield* refute(archive, claim, end);
    const sealed = seals.get(claim.chaine);
    if (sealed && claim.n > sealed.to) sealed.to = claim.n;
  }
  for (const end of ends.values()) yield* unseenIn(archive, end, seals);
  return summary;
}

/** Of each chain the furthest line that was seen: its hash vouches for all lines before it. */
function createClaims(witnesses: readonly Head[]) {
  const byChain = new Map<string, Head>();
  const add = function* (claim: Head): Generator<Finding> {
    const known = byChain.get(claim.chaine);
    if (known?.n === claim.n && known.empreinte !== claim.empreinte) {
      yield { fault: 'temoignages_contraires', chain: claim.chaine, number: claim.n, at: null };
    }
    if (!known || claim.n > known.n) byChain.set(claim.chaine, claim);
  };
  for (const witness of witnesses) add(witness).next();
  return { add, furthest: () => byChain.values() };
}

/** Read again where it does not agree: processes may have written, and begun, more since. */
async function* refute(archive: ChainArchive, claim: Head, end: Head | undefined): AsyncGenerator<Finding> {
  const where = { chain: claim.chaine, number: claim.n, at: null };
  const hash = end?.n === claim.n ? end.empreinte : await hashAt(archive, claim);
  if (hash === claim.empreinte) return;
  if (!end) yield { fault: 'chaine_disparue', ...where };
  else if (hash === null && end.n < claim.n) yield { fault: 'fin_coupee', ...where, number: end.n + 1 };
  else yield { fault: 'chaine_recrite', ...where };
}

/** Null when there is no such line. */
async function hashAt(archive: ChainArchive, { chaine, n }: Head): Promise<string | null> {
  if (!(await archive.chains(monthOfChain(chaine))).includes(chaine)) return null;
  for await (const stored of archive.read(chaine)) {
    if (stored.kind === 'line' && numberIn(stored.text) === n) return stored.hash;
  }
  return null;
}
