import type { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import type { Period, Statut } from '../dossier/outcome.ts';
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

/** One administration source, declared without I/O, clock or configuration. */
export interface Source<W = unknown, D = unknown> extends SourceDescription {
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
  /** What we read of the wire format. */
  wire: z.ZodType<W>;
  donnees: z.ZodType<D>;
  read(answer: W, subject: Subject): Reading<NoInfer<D>>;
  /** What the last three digits of an error code mean here, when it is not an outage. */
  codes: Readonly<Record<string, 'non_trouve' | 'refuse' | 'en_examen'>>;
}

type Optional = 'codes' | 'explications' | 'absentSeconds' | 'alertesByStatut' | 'unify' | 'alertes';

export interface Declaration<W, D>
  extends Omit<Source<W, D>, Optional>,
    Partial<Pick<Source<W, D>, 'codes' | 'explications' | 'absentSeconds'>> {
  alertesByStatut?: Partial<Record<Statut, Alerte>>;
  unify?: (donnees: NoInfer<D>) => Unified;
  alertes?: (donnees: NoInfer<D>) => Alerte[];
}

const ONE_HOUR_SECONDS = 3600;

/** Completes a declaration with what most sources share. */
export function defineSource<W, D, const Id extends string>(
  declaration: Declaration<W, D> & { id: Id },
): Source<W, D> & { id: Id } {
  const { unify = () => ({}), alertes = () => [], ...rest } = declaration;
  return {
    absentSeconds: ONE_HOUR_SECONDS,
    codes: {},
    explications: {},
    alertesByStatut: {},
    ...rest,
    unify: (donnees) => unify(donnees as D),
    alertes: (donnees) => alertes(donnees as D),
  };
}
