import type { NotAsked } from '../dossier/outcome.ts';
import type { Day } from '../dossier/time.ts';
import type { Company } from './company.ts';

/** A rule by which a source is not asked about a company. What is unknown of the company excludes nothing. */
export interface Exclusion {
  /** Told to the reader of the dossier, in one sentence. */
  regle: string;
  /** @param today day in Paris */
  excludes(company: Company, today: Day): boolean;
}

/** The first rule that holds, as what the dossier says of the source. */
export function exclusionOf(exclusions: readonly Exclusion[], company: Company, today: Day): NotAsked | null {
  const found = exclusions.find(({ excludes }) => excludes(company, today));
  return found ? { statut: 'hors_perimetre', regle: found.regle } : null;
}

function isCreatedThisYear({ createdOn }: Company, today: Day): boolean {
  return createdOn !== null && createdOn.slice(0, 4) === today.slice(0, 4);
}

/** DGFiP delivers no certificate online to a company in the calendar year of its creation. */
export const noCertificateInFirstYear: Exclusion = {
  regle:
    "Entreprise créée cette année : la DGFiP ne délivre pas d'attestation en ligne l'année de la création ; l'entreprise la demande par le formulaire n° 3666. La source n'a pas été interrogée.",
  excludes: isCreatedThisYear,
};

/** Returns and headcounts are asked for the two years before this one. */
export const noYearBeforeThisOne: Exclusion = {
  regle:
    "Entreprise créée cette année : cette source ne connaît que les années précédentes. Elle n'a pas été interrogée.",
  excludes: isCreatedThisYear,
};

/** The Banque de France rates companies of three balance sheets. */
export const noThreeBalanceSheets: Exclusion = {
  regle:
    "Entreprise créée cette année : la Banque de France ne suit que les entreprises qui ont trois bilans. Elle n'a pas été interrogée.",
  excludes: isCreatedThisYear,
};

/** In practice DGFiP serves no partnership, taxed on its partners' income or opting for corporate tax. */
export const partnership: Exclusion = {
  regle:
    "Société en nom collectif : la DGFiP ne lui délivre pas d'attestation en ligne ; elle la demande par le formulaire n° 3666. La source n'a pas été interrogée.",
  excludes: ({ legalForm }) => legalForm?.startsWith('520') ?? false,
};

/**
 * Associations, and what else private law groups under 9 (foundations, unions), are asked about; a RNA number
 * says more than the legal form.
 */
export const notAnAssociation: Exclusion = {
  regle:
    "La source ne connaît que des associations, et la forme juridique n'est pas celle d'une association.",
  excludes: ({ legalForm, rna }) => rna === null && legalForm !== null && !legalForm.startsWith('9'),
};

export const association: Exclusion = {
  regle: "La source ne connaît que des entreprises, et il s'agit d'une association.",
  excludes: ({ legalForm }) => legalForm?.startsWith('92') ?? false,
};

/** Public bodies under administrative law; those that trade (4xxx) are registered like companies. */
export const publicBody: Exclusion = {
  regle:
    "Personne publique soumise au droit administratif : elle n'est pas inscrite aux registres des entreprises.",
  excludes: ({ legalForm }) => legalForm?.startsWith('7') ?? false,
};

export const overseas: Exclusion = {
  regle: "L'établissement est outre-mer, que cette source ne couvre pas.",
  excludes: ({ commune }) => /^9[78]/.test(commune ?? ''),
};

/**
 * Divisions of the NAF in which nothing can be an activity of articles L722-1 to L722-7 of the Code rural, nor
 * prolong one. Farming, forests, fishing, food, wood, energy, earthworks, trade, transport, lodging, finance,
 * real estate, holdings, rental, landscaping, teaching, leisure and associations can.
 */
const NEVER_AGRICULTURAL = new Set([
  ...['05', '06', '07', '08', '09', '13', '14', '15', '17', '18', '19', '21', '22', '23', '24', '25', '26'],
  ...['27', '28', '29', '30', '31', '32', '33', '36', '37', '39', '41', '45', '50', '51', '53', '58', '59'],
  ...['60', '61', '62', '63', '69', '73', '79', '80', '86', '87', '88', '90', '92', '95'],
]);
/** Building trades; earthworks (43.1) and other works (43.9) may be those of an agricultural contractor. */
const NEVER_AGRICULTURAL_GROUPS = new Set(['43.2', '43.3']);
/** Agricultural cooperatives and companies, whatever they do. */
const AGRICULTURAL_FORM = /^(63|653|659)/;

export const notAgricultural: Exclusion = {
  regle:
    "Aucune activité de l'entreprise ne relève du régime agricole (Code rural, articles L722-1 à L722-7) : la MSA n'a pas été interrogée.",
  excludes: ({ activities, legalForm }) =>
    activities.length > 0 &&
    legalForm !== null &&
    !AGRICULTURAL_FORM.test(legalForm) &&
    activities.every(
      (code) => NEVER_AGRICULTURAL.has(code.slice(0, 2)) || NEVER_AGRICULTURAL_GROUPS.has(code.slice(0, 4)),
    ),
};
