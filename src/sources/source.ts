import type { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import type { Period } from '../dossier/outcome.ts';
import type { SourceDescription } from '../dossier/piece.ts';
import type { Siren, Siret } from '../dossier/siret.ts';
import type { Day } from '../dossier/time.ts';
import type { Unified } from '../dossier/unified.ts';
import type { Freshness } from './freshness.ts';

/** Of whom a source is asked, and the day in Paris on which it is. */
export interface Subject {
  siret: Siret;
  siren: Siren;
  today: Day;
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
  /** Paths to ask, each tried when the one before it answered `non_trouve`. */
  paths(subject: Subject): [string, ...string[]];
  quota: Quota;
  /** Any one of these scopes opens the source; none needed when empty. */
  scopes: string[];
  /** Longer than the hub itself waits for the provider: asking again while it still waits is refused (409). */
  timeoutMs: number;
  freshness: Freshness;
  /** How long `non_trouve` and `en_examen` are kept: most turn into something else within days. */
  absentSeconds: number;
  schemas: S;
  read(answer: z.output<S['wire']>, subject: Subject): Reading<z.output<S['donnees']>>;
  /** What the last three digits of an error code mean here, when it is not an outage. */
  codes: Readonly<Record<string, 'non_trouve' | 'refuse' | 'en_examen'>>;
}

type Optional = 'codes' | 'explications' | 'absentSeconds' | 'alertesByStatut';

export interface Declaration<S extends Schemas>
  extends Omit<Source<S>, Optional | 'schemas' | 'unify' | 'alertes'>,
    Partial<Pick<Source, Optional>> {
  unify?(donnees: z.output<S['donnees']>): Unified;
  alertes?(donnees: z.output<S['donnees']>): Alerte[];
}

const ONE_HOUR_SECONDS = 3600;

/**
 * Completes a declaration with what most sources share. In two steps, so that the compiler knows the
 * schemas before it reads the functions written against them.
 */
export function defineSource<S extends Schemas>(schemas: S) {
  return <const Id extends string>(declaration: Declaration<S> & { id: Id }): Source<S> & { id: Id } => {
    const { unify = () => ({}), alertes = () => [], ...rest } = declaration;
    return {
      absentSeconds: ONE_HOUR_SECONDS,
      codes: {},
      explications: {},
      alertesByStatut: {},
      ...rest,
      schemas,
      unify: (donnees) => unify(donnees as z.output<S['donnees']>),
      alertes: (donnees) => alertes(donnees as z.output<S['donnees']>),
    };
  };
}
