import { randomBytes } from 'node:crypto';

/** What this process knows of one company. What is kept of it in process is right while its shelf is current. */
export interface Shelf {
  readonly siren: string;
  /** False for ever once another process has changed a piece of the company. */
  isCurrent: boolean;
  /** False while announcements of other processes may have been missed. */
  isSure: boolean;
  /** Counts the pieces written by this process. */
  version: number;
  /** The store's stamp when this process first looked; null when it had none, undefined when it could not tell. */
  firstStamp: string | null | undefined;
  /** What every stamp that this shelf gives begins with; null until it gives one. */
  signature: string | null;
  /** The last stamp of this process that the store has confirmed. */
  ownStamp: string | null;
  /** How often the store was found to have lost what it had. */
  losses: number;
  /** Fields of which the store, away when it was told, may have an older answer; null when there never was one. */
  unstored: Set<string> | null;
  /** Resolves when the store has answered everything it was told. */
  settled: Promise<unknown>;
}

const NOTHING_TOLD = Promise.resolve();

export function newShelf(siren: string): Shelf {
  return {
    siren,
    isCurrent: true,
    isSure: true,
    version: 0,
    firstStamp: undefined,
    signature: null,
    ownStamp: null,
    losses: 0,
    unstored: null,
    settled: NOTHING_TOLD,
  };
}

export function signatureOf(shelf: Shelf): string {
  shelf.signature ??= randomBytes(9).toString('base64url');
  return shelf.signature;
}

/** The stamp that the store must have if no other process has changed anything. */
export function stampOf({ ownStamp, firstStamp }: Shelf): string | null | undefined {
  return ownStamp ?? firstStamp;
}

/** Whether the store's stamp shows that no other process has changed anything since this one looked. */
export function isOurs(shelf: Shelf, stamp: string | null): boolean {
  return stamp === (shelf.firstStamp ?? null) || (stamp?.startsWith(signatureOf(shelf)) ?? false);
}
