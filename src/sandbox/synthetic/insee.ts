import type { Answer } from '../answer.ts';
import { unixOf } from '../calendar.ts';
import { establishmentOf, type SyntheticCompany } from './company.ts';
import { single } from './envelope.ts';

const BASE = 'https://entreprise.api.gouv.fr/v4/insee/sirene';

/** Size classes of INSEE: code, smallest and largest headcount. */
const SIZES: readonly (readonly [code: string, from: number, to: number])[] = [
  ['01', 1, 2],
  ['02', 3, 5],
  ['03', 6, 9],
  ['11', 10, 19],
  ['12', 20, 49],
  ['21', 50, 99],
  ['22', 100, 199],
  ['31', 200, 249],
  ['32', 250, 499],
  ['41', 500, 999],
];

const LEGAL_FORMS = {
  societe: ['5499', 'Société à responsabilité limitée (sans autre indication)'],
  individuel: ['1000', 'Entrepreneur individuel'],
  association: ['9220', 'Association déclarée'],
} as const;

export function legalFormOf({ kind }: SyntheticCompany) {
  const [code, libelle] = LEGAL_FORMS[kind];
  return { code, libelle };
}

export function sizeOf({ staff }: SyntheticCompany, today: string) {
  const found = SIZES.find(([, from, to]) => staff >= from && staff <= to);
  if (!found)
    return { code: 'NN', intitule: 'Unité non employeuse', date_reference: null, de: null, a: null };
  const [code, de, a] = found;
  const date_reference = String(Number(today.slice(0, 4)) - 2);
  return { code, intitule: `${de}${a > 2 ? ' à ' : ' ou '}${a} salariés`, date_reference, de, a };
}

function activitiesOf({ trade }: SyntheticCompany) {
  return {
    activite_principale: { code: trade.naf2025, nomenclature: 'NAF2025', libelle: trade.label },
    activite_principale_naf_rev2: { code: trade.rev2, nomenclature: 'NAFRev2', libelle: trade.label },
  };
}

function diffusionOf({ isPartial }: SyntheticCompany) {
  const status_diffusion = isPartial ? 'partiellement_diffusible' : 'diffusible';
  return { status_diffusion, diffusable_commercialement: !isPartial };
}

function namesOf({ kind, name, firstName, grain }: SyntheticCompany) {
  const isPerson = kind === 'individuel';
  const first = isPerson ? firstName : null;
  return {
    type: isPerson ? 'personne_physique' : 'personne_morale',
    personne_morale_attributs: { raison_sociale: isPerson ? null : name, sigle: null },
    personne_physique_attributs: {
      pseudonyme: null,
      prenom_usuel: first,
      prenom_1: first,
      prenom_2: null,
      prenom_3: null,
      prenom_4: null,
      nom_usage: null,
      nom_naissance: isPerson ? name : null,
      sexe: isPerson ? (grain % 2 ? 'M' : 'F') : null,
    },
  };
}

/** An association of the sandbox is registered under its SIREN: `W` then the nine digits. */
export function rnaOf({ kind, siren }: SyntheticCompany): string | null {
  return kind === 'association' ? `W${siren}` : null;
}

function unitOf(company: SyntheticCompany, today: string) {
  return {
    siren: company.siren,
    rna: rnaOf(company),
    siret_siege_social: company.headOffice,
    ...namesOf(company),
    categorie_entreprise: company.staff >= 250 ? 'ETI' : 'PME',
    ...diffusionOf(company),
    forme_juridique: legalFormOf(company),
    ...activitiesOf(company),
    tranche_effectif_salarie: sizeOf(company, today),
    etat_administratif: company.ceasedOn ? 'C' : 'A',
    economie_sociale_et_solidaire: company.kind === 'association' ? true : null,
    date_creation: unixOf(company.createdOn),
  };
}

/** Number in the street: each establishment has its own, the head office the company's. */
export function streetNumberOf({ siret, grain }: SyntheticCompany): string {
  return String(1 + ((Number(siret.slice(9, 13)) + grain) % 120));
}

function addressOf(company: SyntheticCompany) {
  const { town, kind, name, firstName } = company;
  const number = streetNumberOf(company);
  const isPerson = kind === 'individuel';
  return {
    numero_voie: number,
    indice_repetition_voie: null,
    type_voie: 'RUE',
    libelle_voie: 'DES EXEMPLES',
    complement_adresse: null,
    code_commune: town.code,
    libelle_commune: town.name,
    code_postal: town.postcode,
    distribution_speciale: null,
    code_cedex: null,
    libelle_cedex: null,
    libelle_commune_etranger: null,
    code_pays_etranger: null,
    libelle_pays_etranger: null,
    status_diffusion: diffusionOf(company).status_diffusion,
    acheminement_postal: {
      l1: isPerson ? '' : name,
      l2: isPerson ? `${firstName} ${name}`.toUpperCase() : '',
      l3: '',
      l4: `${number} RUE DES EXEMPLES`,
      l5: '',
      l6: `${town.postcode} ${town.name}`,
      l7: 'FRANCE',
    },
  };
}

/** The day an establishment closed: that of the company, or for one secondary in ten a day of its own. */
function closedOnOf({ siret, headOffice, ceasedOn }: SyntheticCompany): string | null {
  const isClosed = siret !== headOffice && Number(siret.slice(9, 13)) % 10 === 7;
  return ceasedOn ?? (isClosed ? '2024-06-30' : null);
}

export function answerEstablishment(company: SyntheticCompany, today: string): Answer {
  const { siret, siren, createdOn } = company;
  const closedOn = closedOnOf(company);
  const data = {
    siret,
    siege_social: siret === company.headOffice,
    etat_administratif: closedOn ? 'F' : 'A',
    date_fermeture: closedOn && unixOf(closedOn),
    enseigne: null,
    ...activitiesOf(company),
    tranche_effectif_salarie: sizeOf(company, today),
    ...diffusionOf(company),
    date_creation: unixOf(createdOn),
    adresse: addressOf(company),
    unite_legale: unitOf(company, today),
  };
  const meta = { date_derniere_mise_a_jour: unixOf(closedOn ?? createdOn), redirect_from_siret: null };
  return single(data, meta, { unite_legale: `${BASE}/unites_legales/${siren}` });
}

export function answerLegalUnit(company: SyntheticCompany, today: string): Answer {
  const { headOffice, ceasedOn, createdOn } = company;
  const data = { ...unitOf(company, today), date_cessation: ceasedOn && unixOf(ceasedOn) };
  const meta = { date_derniere_mise_a_jour: unixOf(ceasedOn ?? createdOn), redirect_from_siren: null };
  const siege_social = `${BASE}/etablissements/${headOffice}`;
  return single(data, meta, { siege_social, siege_social_adresse: `${siege_social}/adresse` });
}

/** One company in eight moved its head office here in 2021. */
export function answerSuccessions({ grain, siren, siret, headOffice }: SyntheticCompany): Answer | null {
  if (grain % 8 !== 0 || siret !== headOffice) return null;
  const before = establishmentOf(siren, '0002');
  const link = {
    siret: before,
    date_succession: '2021-03-01',
    transfert_siege: true,
    continuite_economique: true,
  };
  return single({ predecesseurs: [link], successeurs: [] });
}
