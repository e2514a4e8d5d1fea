import type { z } from 'zod';
import type { Statut } from '../dossier/outcome.ts';
import type { Day } from '../dossier/time.ts';
import type { inseeEtablissement } from './insee-etablissement.ts';
import type { inseeUniteLegale } from './insee-unite-legale.ts';

/** What perimeter rules are judged on, as Insee says it. Null, or an empty list: unknown. */
export interface Company {
  createdOn: Day | null;
  /** Code of the legal form: 1000 for a sole trader, 92xx for an association, 7xxx for a public body. */
  legalForm: string | null;
  rna: string | null;
  /** NAF codes of the company and of the establishment asked about, of both nomenclatures. */
  activities: string[];
  /** Official code of the commune of the establishment asked about: 97 and 98 are overseas. */
  commune: string | null;
}

type Etablissement = z.output<(typeof inseeEtablissement)['schemas']['donnees']>;
type UniteLegale = z.output<(typeof inseeUniteLegale)['schemas']['donnees']>;

/** An outcome, or the piece made of it. */
export interface Stated {
  statut: Statut;
  donnees?: unknown;
}

/** The sources that say what rules are judged on. */
export const IDENTITY: readonly string[] = ['insee_etablissement', 'insee_unite_legale'];

/**
 * What Insee says of the company, from whichever of its answers has come. Null when it says nothing, or
 * speaks of another company than the one asked about: no rule then holds.
 */
export function companyIn(answerOf: (source: string) => Stated | undefined): Company | null {
  const etablissement = donneesOf<Etablissement>(answerOf('insee_etablissement'));
  const alone = donneesOf<UniteLegale>(answerOf('insee_unite_legale'));
  if (etablissement?.redirige_depuis || alone?.redirige_depuis) return null;
  const company = alone ?? etablissement?.unite_legale;
  if (!company) return null;
  const activities = [company, etablissement].flatMap((one) => [
    one?.activite_principale?.code,
    one?.activite_principale_naf_rev2?.code,
  ]);
  return {
    createdOn: company.date_creation,
    legalForm: company.forme_juridique?.code ?? null,
    rna: company.numero_rna,
    activities: activities.filter((code) => typeof code === 'string'),
    commune: etablissement?.adresse?.code_commune ?? null,
  };
}

/** Building and public works: section F of the NAF. */
export function isBuilder({ activities }: Company): boolean {
  return activities.some((code) => /^4[123]/.test(code));
}

function donneesOf<D>(stated: Stated | undefined): D | null {
  return stated?.statut === 'obtenu' ? (stated.donnees as D) : null;
}
