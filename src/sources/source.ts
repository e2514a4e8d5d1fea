import { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import type { Period } from '../dossier/outcome.ts';
import type { SourceDescription } from '../dossier/piece.ts';
import type { Siren, Siret } from '../dossier/siret.ts';
import type { Day } from '../dossier/time.ts';
import type { Unified } from '../dossier/unified.ts';
import type { Exclusion } from './exclusions.ts';
import type { Freshness } from './freshness.ts';

/** Of whom a source is asked, and the day in Paris on which it is. */
export interface Subject {
  siret: Siret;
  siren: Siren;
  today: Day;
  /** The company that pays the taxes of its group, for the sources that are asked about it. */
  mere?: Siren | undefined;
}

/** Buckets of calls that API Entreprise counts together, by token and by minute of the clock. */
export const QUOTAS = {
  json: { perMinute: 250 },
  document: { perMinute: 50 },
  attestation_fiscale: { perMinute: 5 },
  cibtp: { perMinute: 5 },
  urssaf: { perMinute: 100 },
  extrait_rne: { perMinute: 15 },
  gip_mds: { perMinute: 50 },
} as const;
export type Quota = keyof typeof QUOTAS;

/** What a well-formed success of a source says, in our words. */
export interface Reading<D> {
  statut: 'obtenu' | 'refuse' | 'en_examen';
  donnees: D;
  /** Legal validity of the proof; both ends unknown when left out. */
  validite?: Period;
  /**
   * SIREN or SIRET that the answer says it is about, where it says so: an answer about another company is
   * set aside. Null when the answer does not say, or is openly about a successor.
   */
  about?: string | null;
  /** Where the source put its document: a secret, dead within the day, that goes nowhere but to who fetches it. */
  link?: string | null;
}

/** Where API Entreprise puts most documents. */
export const HUB_STORAGE = 'storage.entreprise.api.gouv.fr';

/** How the document that a source's link gives is fetched. */
export interface DocumentDeclaration {
  /** The only machines that a link may name, beside that of the sources themselves. */
  hosts: readonly string[];
  /** The link gives another one, in JSON, that gives the document. */
  detour?: { quota: Quota };
}

/** `wire` is what we read of the source's format, `donnees` what we make of it for our callers. */
export interface Schemas {
  wire: z.ZodType;
  donnees: z.ZodType;
}

/** One administration source, declared without I/O, clock or configuration. */
export interface Source<S extends Schemas = Schemas> extends SourceDescription {
  /** Whom the source knows, in French, for the catalogue. */
  perimetre: string;
  opening: 'ouvert' | 'protege';
  identifiant: 'siren' | 'siret';
  /** Rules that say for sure that the source does not cover a company, which it is then not asked about. */
  exclusions: readonly Exclusion[];
  /** Paths to ask, each tried when the one before it answered `non_trouve`. */
  paths(subject: Subject): [string, ...string[]];
  quota: Quota;
  /** Any one of these scopes opens the source; none needed when empty. */
  scopes: string[];
  /** Longer than the hub itself waits for the provider: asking again while it still waits is refused (409). */
  timeoutMs: number;
  /** What is longer is cut off, in bytes. */
  maxBytes: number;
  /** Daily window in which the source says it may be down: Paris time, within one day. */
  maintenance?: { from: `${number}:${number}`; to: `${number}:${number}` };
  freshness: Freshness;
  /** Null when its answers hold no link to a document. */
  document: DocumentDeclaration | null;
  /** How long an answer that is no longer fresh is served at once, while the source is asked anew. */
  revalidateSeconds: number;
  /** How long it may still be served while its source does not answer; never beyond its own validity. */
  staleSeconds: number;
  /** How long `non_trouve` and `en_examen` are kept: most turn into something else within days. */
  absentSeconds: number;
  schemas: S;
  read(answer: z.output<S['wire']>, subject: Subject): Reading<z.output<S['donnees']>>;
  /** What the last three digits of an error code mean here, when it is not an outage. */
  codes: Readonly<Record<string, 'non_trouve' | 'refuse' | 'en_examen'>>;
  /**
   * What is left of its data for a usage that does not need the whole (see `UsefulSource`). Left out where every
   * usage that may ask it needs all it gives.
   */
  commonPart?(donnees: unknown): unknown;
  /**
   * Of a source that is not open, what anybody may be shown all the same; and whether its owner opposes that the
   * rest be shown. Left out where nothing may.
   */
  publicPart?(donnees: unknown): PublicPart;
}

export interface PublicPart {
  diffusion: 'diffusible' | 'partiellement_diffusible' | 'non_diffusible';
  /** Null when nothing may be shown. */
  donnees: unknown;
}

type Optional =
  | 'codes'
  | 'exclusions'
  | 'explications'
  | 'absentSeconds'
  | 'alertesByStatut'
  | 'document'
  | 'maxBytes'
  | 'revalidateSeconds'
  | 'staleSeconds';

export interface Declaration<S extends Schemas>
  extends Omit<Source<S>, Optional | 'schemas' | 'unify' | 'alertes' | 'publicPart' | 'commonPart'>,
    Partial<Pick<Source, Optional>> {
  commonPart?(donnees: z.output<S['donnees']>): z.output<S['donnees']>;
  publicPart?(donnees: z.output<S['donnees']>): PublicPart;
  unify?(donnees: z.output<S['donnees']>): Unified;
  alertes?(donnees: z.output<S['donnees']>): Alerte[];
}

const ONE_HOUR_SECONDS = 3600;
const FIVE_MINUTES_SECONDS = 300;
const THREE_DAYS_SECONDS = 3 * 86_400;
const ONE_MEBIBYTE = 1024 * 1024;
/** For registers of thousands of establishments, and accounts of thousands of boxes. */
export const LARGE_BYTES = 16 * ONE_MEBIBYTE;

/**
 * Completes a declaration with what most sources share. In two steps, so that the compiler knows the
 * schemas before it reads the functions written against them.
 */
export function defineSource<S extends Schemas>(schemas: S) {
  return <const Id extends string>(declaration: Declaration<S> & { id: Id }): Source<S> & { id: Id } => {
    const { unify = () => ({}), alertes = () => [], publicPart, commonPart, ...rest } = declaration;
    return {
      absentSeconds: ONE_HOUR_SECONDS,
      maxBytes: ONE_MEBIBYTE,
      revalidateSeconds: FIVE_MINUTES_SECONDS,
      staleSeconds: THREE_DAYS_SECONDS,
      codes: {},
      document: null,
      exclusions: [],
      explications: {},
      alertesByStatut: {},
      ...rest,
      schemas: compiled(schemas),
      unify: (donnees) => unify(donnees as z.output<S['donnees']>),
      alertes: (donnees) => alertes(donnees as z.output<S['donnees']>),
      ...(commonPart && { commonPart: (donnees: unknown) => commonPart(donnees as z.output<S['donnees']>) }),
      ...(publicPart && { publicPart: (donnees: unknown) => publicPart(donnees as z.output<S['donnees']>) }),
    };
  };
}

/** Answers are read thousands of times: their schema is compiled, once one has come. */
function compiled<S extends Schemas>(schemas: S): S {
  let wire: S['wire'] | undefined;
  return {
    ...schemas,
    get wire() {
      wire ??= z.compile(schemas.wire);
      return wire;
    },
  };
}
