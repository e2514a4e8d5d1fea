/** Where a public contract is in its life. The stage decides what is useful to ask. */
export const ETAPES = ['candidature', 'instruction', 'attribution', 'suivi'] as const;
export type Etape = (typeof ETAPES)[number];

/** What a public contract buys. */
export const NATURES = ['fournitures', 'services', 'travaux_batiment', 'travaux_publics'] as const;
export type Nature = (typeof NATURES)[number];

/** What the body is about to do. Only public procurement knows stages and natures. */
export interface Procedure {
  etape: Etape | null;
  /** Null when the caller did not say. */
  nature: Nature | null;
}
