import { createHash } from 'node:crypto';
import type { StoredDocument } from '../dossier/outcome.ts';
import { USAGES, type Usage } from '../dossier/usage.ts';
import type { Seal } from '../keeping/seal.ts';
import { type Files, HEADS, type OpenFiles } from './files.ts';

/** A document is that of a piece: its digest opens nothing to who may not read the piece. */
export interface DocumentKey {
  /** See `ownerOf`. */
  siren: string;
  /** Id of the source. */
  source: string;
  /** Hexadecimal. */
  sha256: string;
}

/**
 * Whose document it is: that of a piece about the company that heads the tax group is of both, so that nobody reads
 * it without naming her.
 */
export function ownerOf(siren: string, mere: string | null = null): string {
  return mere === null ? siren : `${siren} ${mere}`;
}

/** What the sources' links gave, kept as it was: links die within the day. Everything rejects when the store fails. */
export interface Archive {
  /** Stored for good once it resolves. */
  keep(siren: string, source: string, bytes: Buffer): Promise<StoredDocument>;
  /** A dossier of this usage carries it: its time begins anew. False when there is none. */
  hold(key: DocumentKey, usage: Usage): Promise<boolean>;
  /** Whether it could be read. */
  has(key: DocumentKey, usage: Usage): Promise<boolean>;
  /** Null when there is none, when its time is over for this usage, or when what is there is not what was kept. */
  read(key: DocumentKey, usage: Usage): Promise<Buffer | null>;
  /** Removes what no usage holds any more; only counts it when `isDry`. */
  purge(isDry?: boolean): Promise<{ removed: number; left: number }>;
}

export interface ArchiveOptions {
  openFiles: OpenFiles;
  /** The first closes; what was closed by the others still opens. */
  seals: readonly [Seal, ...Seal[]];
  /** How long a document can be read after the last dossier of a usage that carried it. */
  retentionDays: Readonly<Record<Usage, number>>;
  now: () => number;
}

const DAY_MS = 86_400_000;
/** What was just kept is in no dossier yet. */
const GRACE_MS = DAY_MS;
const DRAFT_MS = 3_600_000;

/**
 * One sealed file a document, under a name that tells neither whose it is nor what it is, and one empty file a
 * usage that holds it, whose date is that of the last dossier that did.
 */
export function createArchive({ openFiles, seals, retentionDays, now }: ArchiveOptions): Archive {
  const contents = openFiles('contenus');
  const holds = Object.fromEntries(USAGES.map((usage) => [usage, openFiles(`usages/${usage}`)])) as Record<
    Usage,
    Files
  >;
  const isNew = (writtenMs: number) => now() - writtenMs < GRACE_MS;
  const isInTime = (heldMs: number, usage: Usage) => now() - heldMs < retentionDays[usage] * DAY_MS;

  /** Under which of the keys it was named; null when there is none. */
  async function found(key: DocumentKey): Promise<{ name: string; seal: Seal; writtenMs: number } | null> {
    for (const seal of seals) {
      const name = nameOf(seal, key);
      const writtenMs = await contents.dateOf(name);
      if (writtenMs !== null) return { name, seal, writtenMs };
    }
    return null;
  }

  /** Its time for the usage is not over. */
  async function readable(key: DocumentKey, usage: Usage) {
    const one = await found(key);
    if (!one) return null;
    return isNew(one.writtenMs) || (await isHeld(one.name, usage)) ? one : null;
  }

  async function isHeld(name: string, usage: Usage): Promise<boolean> {
    const heldMs = await holds[usage].dateOf(name);
    return heldMs !== null && isInTime(heldMs, usage);
  }

  async function isHeldByAny(name: string): Promise<boolean> {
    for (const usage of USAGES) if (await isHeld(name, usage)) return true;
    return false;
  }

  async function isWanted(name: string): Promise<boolean> {
    const writtenMs = await contents.dateOf(name);
    return (writtenMs !== null && isNew(writtenMs)) || (await isHeldByAny(name));
  }

  /** Names that the store's own dates already show to be held; removes the holds whose time is over. */
  async function seenHeld(head: string, isDry: boolean): Promise<Set<string>> {
    const held = new Set<string>();
    for (const usage of USAGES) {
      for await (const { name, changedMs } of holds[usage].list(head, now() - DRAFT_MS)) {
        if (isInTime(changedMs, usage) || (await isHeld(name, usage))) held.add(name);
        else if (!isDry) await holds[usage].remove(name);
      }
    }
    return held;
  }

  /** What is to be removed is looked at once more: a dossier may have carried it since. */
  async function purgeHead(head: string, isDry: boolean, count: { removed: number; left: number }) {
    const held = await seenHeld(head, isDry);
    for await (const { name, changedMs } of contents.list(head, now() - DRAFT_MS)) {
      const isOver = !isNew(changedMs) && !held.has(name) && !(await isWanted(name));
      if (isOver && !isDry) await contents.remove(name);
      count[isOver ? 'removed' : 'left']++;
    }
  }

  return {
    async keep(siren, source, bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const [seal] = seals;
      const name = nameOf(seal, { siren, source, sha256 });
      await contents.write(name, seal.close(bytes, name));
      return { sha256, taille: bytes.length };
    },
    async hold(key, usage) {
      const one = await found(key);
      if (one) await holds[usage].touch(one.name, now());
      return one !== null;
    },
    has: async (key, usage) => (await readable(key, usage)) !== null,
    async read(key, usage) {
      const one = await readable(key, usage);
      const sealed = one && (await contents.read(one.name));
      return sealed && one.seal.open(sealed, one.name);
    },
    async purge(isDry = false) {
      const count = { removed: 0, left: 0 };
      for (const head of HEADS) await purgeHead(head, isDry, count);
      return count;
    },
  };
}

function nameOf(seal: Seal, { siren, source, sha256 }: DocumentKey): string {
  return Buffer.from(seal.nameOf(`${siren} ${source} ${sha256}`), 'base64url').toString('hex');
}
