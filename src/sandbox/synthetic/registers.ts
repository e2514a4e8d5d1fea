import { type Answer, DOCUMENT } from '../answer.ts';
import { dayAfter, lastFiledYear, unixOf } from '../calendar.ts';
import type { SyntheticCompany } from './company.ts';
import { collection, single } from './envelope.ts';
import { legalFormOf, streetNumberOf } from './insee.ts';

const undotted = (code: string) => code.replace('.', '');
const birthYearOf = ({ grain }: SyntheticCompany) => 1955 + (grain % 40);
const NOWHERE = {
  nom_postal: '',
  numero: '',
  type: '',
  voie: '',
  ligne_1: '',
  ligne_2: '',
  localite: '',
  code_postal: '',
  bureau_distributeur: '',
  pays: '',
};
const NOBODY = {
  adresse: NOWHERE,
  nationalite: { valeur: '', code: '' },
  nom: '',
  prenom: '',
  naissance: { pays: { valeur: '', code: '' }, date: '', lieu: '' },
};

const officerNames = ({ siren, firstName }: SyntheticCompany) => ({
  nom: `FICTIF ${siren}`,
  prenom: firstName.toUpperCase(),
});

/** Only companies are in the commercial register here: no craftsman, farmer or association. */
export function answerExtract(company: SyntheticCompany, today: string): Answer | null {
  if (company.kind !== 'societe') return null;
  const { siren, createdOn, ceasedOn, trade, town, name, grain } = company;
  const [court, courtCode] = town.court;
  const birth = `${birthYearOf(company)}-05`;
  return single({
    siren,
    date_extrait: today,
    date_immatriculation: createdOn,
    date_radiation: ceasedOn,
    mandataires_sociaux: [
      { type: 'personne_physique', fonction: 'GERANT', ...officerNames(company), date_naissance: birth },
    ],
    observations:
      grain === 1 ? [{ numero: '1', libelle: 'Transfert du siège social', date: '2021-03-01' }] : [],
    nom_commercial: '',
    etablissement_principal: {
      activite: trade.label,
      origine_fonds: 'CREATION',
      mode_exploitation: 'EXPLOITATION DIRECTE',
      code_ape: undotted(trade.rev2),
    },
    capital: { montant: 1000 * (1 + grain), devise: 'EUROS', code_devise: 'EUR' },
    greffe: { valeur: court, code: courtCode },
    personne_physique: NOBODY,
    personne_morale: {
      forme_juridique: { valeur: 'SOCIETE A RESPONSABILITE LIMITEE', code: 'SARL' },
      denomination: name,
      date_cloture_exercice_comptable: '12-31',
      date_fin_de_vie: `${Number(createdOn.slice(0, 4)) + 99}${createdOn.slice(4)}`,
    },
  });
}

export function answerOfficers(company: SyntheticCompany): Answer | null {
  if (company.kind !== 'societe') return null;
  const birthday = `${birthYearOf(company)}-05-17`;
  const officer = {
    type: 'personne_physique',
    fonction: 'GERANT',
    ...officerNames(company),
    date_naissance: birthday,
    date_naissance_timestamp: unixOf(birthday),
    lieu_naissance: company.town.name,
    pays_naissance: 'FRANCE',
    code_pays_naissance: 'FR',
    nationalite: 'FRANÇAISE',
    code_nationalite: 'FR',
  };
  return collection([officer], { personnes_physiques_count: 1, personnes_morales_count: 0, count: 1 });
}

function natureOf({ trade, kind }: SyntheticCompany): string {
  if (trade.sector === 'agricole') return 'AGRICOLE';
  if (trade.sector === 'batiment') return 'ARTISANALE';
  return kind === 'individuel' && trade.sector === 'services' ? 'LIBERALE' : 'COMMERCIALE';
}

const codesOf = ({ trade }: SyntheticCompany) => ({
  code_APE: { code: undotted(trade.rev2), libelle: trade.label },
  code_APRM: { code: null, libelle: null },
});

const addressOf = (company: SyntheticCompany) => ({
  voie: `${streetNumberOf(company)} RUE DES EXEMPLES`,
  code_postal: company.town.postcode,
  commune: company.town.name,
  pays: 'FRANCE',
  complement: null,
});

function identityOf(company: SyntheticCompany) {
  const { siren, name, firstName, createdOn, trade, grain } = company;
  const isPerson = company.kind === 'individuel';
  return {
    denomination: isPerson ? null : name,
    nom: isPerson ? name : null,
    prenoms: isPerson ? [firstName.toUpperCase()] : null,
    siren,
    date_immatriculation_rne: createdOn,
    date_debut_activite: createdOn,
    detail_cessation: null,
    dissolution: { date: null, poursuite_activite: null, avec_liquidation: null },
    date_fin_personne: null,
    date_cloture_exercice: isPerson ? null : '31-12',
    date_premiere_cloture_exercice: null,
    nature_entreprise: natureOf(company),
    forme_juridique: legalFormOf(company),
    associe_unique: false,
    activite_principales_objet_social: trade.label,
    ...codesOf(company),
    capital_social: { montant: isPerson ? null : 1000 * (1 + grain), devise: 'EUR' },
    adresse_siege_social: addressOf(company),
  };
}

export function answerNationalRegister(company: SyntheticCompany): Answer | null {
  if (company.kind === 'association') return null;
  const head = { ...company, siret: company.headOffice };
  const officer = {
    qualite: company.kind === 'individuel' ? 'Entrepreneur individuel' : 'Gérant',
    ...officerNames(company),
    date_naissance: `${birthYearOf(company)}-05`,
    commune_residence: company.town.name,
  };
  const establishment = {
    type_etablissement: 'Siège et principal',
    siret: company.headOffice,
    statut: company.ceasedOn ? 'fermé' : 'actif',
    date_debut_activite: company.createdOn,
    ...codesOf(company),
    nature_etablissement: natureOf(company),
    activite_principale: company.trade.label,
    autre_activite: null,
    adresse: addressOf(head),
  };
  const answer = single({
    document_url: DOCUMENT,
    identite_entreprise: identityOf(head),
    dirigeants_et_associes: [officer],
    etablissements: [establishment],
    diffusion_commerciale: !company.isPartial,
    diffusion_insee: !company.isPartial,
    etablissements_fermes_total: company.ceasedOn ? 1 : 0,
    observations: [],
  });
  return { ...answer, document: documentOf(company, 'Extrait du registre national des entreprises') };
}

export function documentOf({ name, siren }: SyntheticCompany, title: string, ...lines: string[]) {
  return { title, company: name, lines: [`Siren ${siren}`, ...lines] };
}

/** Accounts of the last two filed years, and the articles; a third of companies keep theirs confidential. */
export function answerDeposits(company: SyntheticCompany, today: string): Answer | null {
  if (company.kind !== 'societe' || company.grain % 3 === 0) return null;
  const id = company.siren.padStart(24, '0');
  const filed = lastFiledYear(today);
  const accountsOf = (year: number) => ({
    id: `${id.slice(0, 20)}${year}`,
    nom_document: `CA_${company.siren}_1231_${year}`,
    date_depot: `${year + 1}-05-12`,
    date_cloture: `${year}-12-31`,
    date_mise_a_jour: `${year + 1}-05-13`,
    type: company.turnover > 8_000_000 ? 'bilan complet' : 'bilan simplifié',
    url: DOCUMENT,
  });
  const articles = {
    id,
    nom_document: `STATUTS_${company.siren}`,
    date_depot: company.createdOn,
    date_mise_a_jour: dayAfter(company.createdOn, 9),
    types_actes: [{ type_acte: 'Statuts constitutifs', type_decision: null }],
    url: DOCUMENT,
  };
  const answer = single({ actes: [articles], bilans: [accountsOf(filed), accountsOf(filed - 1)] });
  return { ...answer, document: documentOf(company, 'Document déposé au greffe') };
}

/** French VAT number: a key of two digits computed from the SIREN, then the SIREN. */
export function answerVatNumber({ siren, kind, ceasedOn }: SyntheticCompany): Answer | null {
  if (kind === 'association' || ceasedOn) return null;
  const key = (12 + 3 * (Number(siren) % 97)) % 97;
  return single({ tva_number: `FR${String(key).padStart(2, '0')}${siren}` });
}

export function answerEori(company: SyntheticCompany): Answer | null {
  const { trade, siret, name, town, grain } = company;
  if (trade.sector !== 'commerce' || grain % 2 === 0) return null;
  return single({
    id: `FR${siret}`,
    actif: !company.ceasedOn,
    code_pays: 'FR',
    code_postal: town.postcode,
    libelle: name,
    pays: 'FRANCE',
    rue: `${streetNumberOf(company)} RUE DES EXEMPLES`,
    ville: town.name,
  });
}
