import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StoredDocument } from '../dossier/outcome.ts';
import { USAGES, type Usage } from '../dossier/usage.ts';
import type { Seal } from '../keeping/seal.ts';
import { createFiles, type Files } from './files.ts';

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

/** What the sources' links gave, kept as it was: links die within the day. */
export interface Archive {
  /** On the disk once it resolves. */
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
  folder: string;
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
export function createArchive({ folder, seals, retentionDays, now }: ArchiveOptions): Archive {
  const contents = createFiles(join(folder, 'contenus'));
  const holds = Object.fromEntries(
    USAGES.map((usage) => [usage, createFiles(join(folder, 'usages', usage))]),
  ) as Record<Usage, Files>;

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
    return now() - one.writtenMs < GRACE_MS || (await isHeld(one.name, usage)) ? one : null;
  }

  async function isHeld(name: string, usage: Usage): Promise<boolean> {
    const heldMs = await holds[usage].dateOf(name);
    return heldMs !== null && now() - heldMs < retentionDays[usage] * DAY_MS;
  }

  async function isHeldByAny(name: string): Promise<boolean> {
    for (const usage of USAGES) if (await isHeld(name, usage)) return true;
    return false;
  }

  async function isNew(name: string): Promise<boolean> {
    const writtenMs = await contents.dateOf(name);
    return writtenMs !== null && now() - writtenMs < GRACE_MS;
  }

  async function purgeHolds(usage: Usage): Promise<void> {
    for await (const name of holds[usage].names(now() - DRAFT_MS)) {
      if (!(await isHeld(name, usage))) await holds[usage].remove(name);
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
      for await (const name of contents.names(now() - DRAFT_MS)) {
        const isOver = !(await isNew(name)) && !(await isHeldByAny(name));
        if (isOver && !isDry) await contents.remove(name);
        count[isOver ? 'removed' : 'left']++;
      }
      if (!isDry) for (const usage of USAGES) await purgeHolds(usage);
      return count;
    },
  };
}

function nameOf(seal: Seal, { siren, source, sha256 }: DocumentKey): string {
  return Buffer.from(seal.nameOf(`${siren} ${source} ${sha256}`), 'base64url').toString('hex');
}
