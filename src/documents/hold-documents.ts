import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { StoredDocument } from '../dossier/outcome.ts';
import type { Usage } from '../dossier/usage.ts';
import type { Archive } from './archive.ts';

/** Whose documents a dossier carries: by the id of their source. */
export type HoldDocuments = (
  siren: string,
  usage: Usage,
  documents: Iterable<[source: string, document: StoredDocument]>,
) => Promise<void>;

export interface HoldDocumentsOptions {
  archive: Pick<Archive, 'hold'>;
  /** A document that could not be held may be gone before its time: the dossier says nothing false of it. */
  onFailed(error: unknown): void;
  patienceMs?: number;
}

const REMEMBERED = 50_000;
/** Times are of weeks: half a day more or less is nothing, and half a day spares the disk. */
const AGAIN_MS = 12 * 3_600_000;
/** A dossier waits no longer: what is not done by then goes on behind it. */
const PATIENCE_MS = 1_000;

/** Tells the archive which documents are in a dossier, once in a while for each. Never rejects. */
export function createHoldDocuments(options: HoldDocumentsOptions): HoldDocuments {
  const { archive, onFailed, patienceMs = PATIENCE_MS } = options;
  const held = new LRUCache<string, true>({ max: REMEMBERED, ttl: AGAIN_MS });

  async function hold(siren: string, usage: Usage, source: string, sha256: string): Promise<void> {
    const name = `${usage} ${siren} ${source} ${sha256}`;
    if (held.has(name)) return;
    if (await archive.hold({ siren, source, sha256 }, usage)) held.set(name, true);
  }

  async function settle(holding: Promise<void>[]): Promise<void> {
    const failed = (await Promise.allSettled(holding)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') onFailed(failed.reason);
  }

  return async (siren, usage, documents) => {
    const holding = [...documents].map(([source, { sha256 }]) => hold(siren, usage, source, sha256));
    if (holding.length === 0) return;
    const ended = new AbortController();
    const late = sleep(patienceMs, undefined, { signal: ended.signal }).catch(() => {});
    await Promise.race([settle(holding).finally(() => ended.abort()), late]);
  };
}
