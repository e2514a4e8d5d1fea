/**
 * Where what is kept of companies lives outside the process. Every method gives undefined when the store is
 * away: a store that is gone is a miss, never an error.
 *
 * A company's *stamp* changes with each of its pieces: what was made of all of them is right as long as the
 * stamp is the same.
 */
export interface CompanyStore {
  /** False while it is away, as far as is known: there is no use in trying. */
  isWell(): boolean;
  /** A name under which processes speak of the company without telling who it is. */
  nameOf(siren: string): string;
  /** Null when nothing is kept of the company. */
  stampOf(siren: string): Promise<string | null | undefined>;
  /** The text kept under `field`, or null. */
  read(siren: string, field: string): Promise<string | null | undefined>;
  /** Keeps a text for so many milliseconds and gives the company its next stamp; resolves to the one before. */
  write(piece: StoredPiece): Promise<string | null | undefined>;
  /** Bytes made of the company's pieces; null when there are none, or when a piece changed since. */
  readRendition(siren: string, field: string): Promise<Buffer | null | undefined>;
  /** Keeps them, unless the company's stamp is no longer the one given. */
  writeRendition(rendition: StoredRendition): Promise<unknown>;
}

interface Stored {
  siren: string;
  field: string;
  lifeMs: number;
  stamp: string;
}

export interface StoredPiece extends Stored {
  text: string;
}

export interface StoredRendition extends Stored {
  bytes: Buffer;
}
