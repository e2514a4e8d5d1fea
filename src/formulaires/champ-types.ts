import { type Champ, typeOf } from './champ.ts';
import type { JsonObject } from './json-schema.ts';

/** The service takes a blank text for none. */
const TEXT = { type: 'string', pattern: '\\S' };
const INSTANT = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}[+-][0-9]{2}:[0-9]{2})?$';

/**
 * What the service takes of each type of field; it drops anything else, and says nothing. Read in its source, where
 * each type screens what it is given: https://github.com/demarche-numerique/demarche.numerique.gouv.fr.
 */
const ACCEPTED: Readonly<Record<string, JsonObject>> = {
  text: TEXT,
  textarea: TEXT,
  formatted: TEXT,
  address: TEXT,
  referentiel: TEXT,
  decimal_number: { type: 'number', multipleOf: 0.001 },
  integer_number: { type: 'integer' },
  email: { type: 'string', format: 'email' },
  phone: { type: 'string', pattern: '^\\+?[0-9 .]{6,20}$' },
  iban: { type: 'string', pattern: '^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,40}$' },
  siret: { type: 'string', pattern: '^[0-9]{14}$' },
  dossier_link: { type: 'string', pattern: '^[0-9]{1,12}$' },
  civilite: { enum: ['M.', 'Mme'] },
  pays: { type: 'string', pattern: '^[A-Z]{2}$' },
  regions: { type: 'string', pattern: '^[0-9]{2}$' },
  departements: { type: 'string', pattern: '^([0-9]{2,3}|2[AB])$' },
  communes: { type: 'array', items: { type: 'string', pattern: '^[0-9AB]{5}$' }, maxItems: 2 },
  epci: { type: 'array', items: { type: 'string', pattern: '^([0-9]{2,3}|2[AB]|[0-9]{9})$' }, maxItems: 2 },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', pattern: INSTANT },
  yes_no: { type: 'boolean' },
  checkbox: { type: 'boolean' },
};

/** Null for what the service takes no value of; a repetition is what its fields are. */
export function schemaOf(champ: Champ): JsonObject | null {
  const { options = [], autre } = champ;
  const type = typeOf(champ);
  const member = options.length === 0 || autre ? TEXT : { enum: options };
  if (type === 'drop_down_list' || type === 'pre_rempli') return member;
  if (type === 'multiple_drop_down_list') return { type: 'array', items: member };
  return Object.hasOwn(ACCEPTED, type) ? (ACCEPTED[type] as JsonObject) : null;
}

const FILE = 'Démarche numérique ne préremplit aucun fichier : le demandeur le joint dans la démarche.';
const IDENTIFIED =
  "Démarche numérique n'interroge cette source que pour le demandeur lui-même, et ne préremplit pas ce champ.";
const REFUSED: Readonly<Record<string, string>> = {
  piece_justificative: FILE,
  titre_identite: FILE,
  linked_drop_down_list:
    'Démarche numérique ne préremplit pas les listes liées : à choisir dans la démarche.',
  carte: "Démarche numérique n'y prend qu'une géométrie, qu'aucune source du dossier ne donne.",
  engagement_juridique: "Démarche numérique réserve ce champ aux instructeurs, et n'en préremplit pas.",
  number: 'Démarche numérique ne préremplit pas cet ancien type : seulement les nombres entiers et décimaux.',
  rna: IDENTIFIED,
  rnf: IDENTIFIED,
  annuaire_education: IDENTIFIED,
  quotient_familial: IDENTIFIED,
  etudiant_boursier: IDENTIFIED,
};
const OTHER =
  "Démarche numérique ne préremplit pas ce type de champ, et l'écarterait sans le dire : à demander dans la démarche.";

export function refusalOf(champ: Champ): string {
  const type = typeOf(champ);
  return Object.hasOwn(REFUSED, type) ? (REFUSED[type] as string) : OTHER;
}

const DOUBTS: Readonly<Record<string, string>> = {
  formatted: 'Le service ne publie pas la forme que ce champ exige : il peut refuser la valeur au dépôt.',
  referentiel: "Le service cherche cette valeur dans un référentiel qu'il ne publie pas : il peut l'écarter.",
  dossier_link: "Le service l'écarte si ce dossier n'est pas déposé chez lui, ou pas d'une démarche permise.",
  iban: "Le service n'en préremplit plus que dans les démarches qui s'en servaient déjà.",
  epci: "Le département seul est connu : le demandeur choisit l'intercommunalité.",
};
const UNPUBLISHED =
  "Les valeurs de cette liste ne sont pas publiées : le service écarte une valeur qui n'y est pas.";

/** What of an accepted value the service, which alone knows it, may still refuse; null when nothing. */
export function doubtOf(champ: Champ): string | null {
  const type = typeOf(champ);
  const isList = type === 'drop_down_list' || type === 'multiple_drop_down_list';
  if (isList) return champ.autre || champ.options?.length ? null : UNPUBLISHED;
  return Object.hasOwn(DOUBTS, type) ? (DOUBTS[type] as string) : null;
}

/** Titles and explanations: nothing is ever written there. */
export function asksNothing(champ: Champ): boolean {
  return ['header_section', 'explication'].includes(typeOf(champ));
}
