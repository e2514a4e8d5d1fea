import type { Answer } from '../answer.ts';
import { lastFiledYear } from '../calendar.ts';
import type { SyntheticCompany } from './company.ts';
import { collection, single } from './envelope.ts';
import { legalFormOf, rnaOf, sizeOf, streetNumberOf } from './insee.ts';

const addressOf = (company: SyntheticCompany) => ({
  complement: null,
  numero_voie: streetNumberOf(company),
  type_voie: 'rue',
  libelle_voie: 'DES EXEMPLES',
  distribution: null,
  code_insee: company.town.code,
  code_postal: company.town.postcode,
  commune: company.town.name,
});

/** Euros of grants a year: a multiple of 500. */
const grantsOf = ({ grain }: SyntheticCompany) => 500 * grain;

function accountsOf(company: SyntheticCompany, year: number) {
  const grants = grantsOf(company);
  return {
    annee: String(year),
    commisaire_aux_comptes: false,
    montant_dons: 1000,
    cause_subventions: null,
    montant_subventions: grants,
    montant_aides_sur_3ans: 3 * grants,
    total_charges: grants + 3000,
    total_resultat: 400,
    total_produits: grants + 3400,
  };
}

function staffOf({ grain, staff }: SyntheticCompany, year: number) {
  return {
    annee: String(year),
    nombre_benevoles: 5 + grain,
    nombre_volontaires: 0,
    nombre_salaries: staff,
    nombre_salaries_etpt: staff * 0.8,
    nombre_emplois_aides: 0,
    nombre_personnels_detaches: 0,
    nombre_adherents: { hommes: grain, femmes: grain + 5, total: 2 * grain + 5 },
  };
}

function establishmentOf(company: SyntheticCompany, today: string) {
  const year = lastFiledYear(today);
  const { code, intitule } = sizeOf(company, today);
  return {
    siren: company.siren,
    siret: company.headOffice,
    actif: !company.ceasedOn,
    siege: true,
    nom: company.name,
    telephone: null,
    courriel: null,
    date_debut_activite: company.createdOn,
    adresse: addressOf(company),
    activite_principale: { code: company.trade.rev2, libelle: company.trade.label },
    tranche_effectif: { code, libelle: intitule },
    rhs: [staffOf(company, year)],
    comptes: [accountsOf(company, year), accountsOf(company, year - 1)],
    representants_legaux: [
      {
        civilite: 'Madame',
        nom: `FICTIF ${company.siren}`,
        prenom: company.firstName,
        fonction: 'Présidente',
        valideur_cec: false,
        publication_internet: false,
        telephone: null,
        courriel: null,
      },
    ],
    documents_dac: [],
  };
}

function activitiesOf(company: SyntheticCompany, today: string) {
  const { code, intitule, date_reference } = sizeOf(company, today);
  const none = { code: null, libelle: null };
  return {
    objet: company.trade.label,
    objet_social1: none,
    objet_social2: none,
    champ_action_territorial: 'local',
    activite_principale: { code: company.trade.rev2, libelle: company.trade.label, annee: null },
    tranche_effectif: { code, libelle: intitule, annee: date_reference },
    economie_sociale_et_solidaire: true,
    date_appartenance_ess: null,
  };
}

const NO_COURT = {
  tribunal_instance: null,
  volume: null,
  folio: null,
  date_publication_registre_association: null,
};

export function answerAssociation(company: SyntheticCompany, today: string): Answer | null {
  if (company.kind !== 'association') return null;
  const address = addressOf(company);
  const data = {
    rna: rnaOf(company),
    ancien_id: null,
    siren: company.siren,
    nom: company.name,
    active: !company.ceasedOn,
    sigle: null,
    reconnue_utilite_publique: false,
    siret_siege: company.headOffice,
    forme_juridique: legalFormOf(company),
    regime: 'Loi 1901',
    groupement: 'Simple',
    eligibilite_cec: true,
    raison_non_eligibilite_cec: null,
    impots_commerciaux: false,
    date_creation: company.createdOn,
    date_dissolution: company.ceasedOn,
    date_publication_reconnue_utilite_publique: null,
    date_publication_journal_officiel: company.createdOn,
    adresse_siege: address,
    adresse_gestion: address,
    alsace_moselle: NO_COURT,
    composition_reseau: [],
    agrements: [],
    activites: activitiesOf(company, today),
    etablissements: [establishmentOf(company, today)],
    reseaux_affiliation: [],
    documents_rna: [],
  };
  const { createdOn } = company;
  const updated = { date_derniere_mise_a_jour_sirene: createdOn, date_derniere_mise_a_jour_rna: createdOn };
  return single(data, { internal_id: company.siren, ...updated });
}

/** One grant paid in the last filed year, for an association that has any. */
export function answerGrants(company: SyntheticCompany, today: string): Answer | null {
  if (company.kind !== 'association' || grantsOf(company) === 0) return null;
  const paidAt = `${lastFiledYear(today)}-09-15T00:00:00.000Z`;
  const payment = {
    fournisseur: 'Chorus',
    date_mise_a_jour_information: paidAt,
    jointure_demandes_et_versements: null,
    montant_verse: grantsOf(company),
    date_versement: paidAt,
    centre_financier: 'UO fictive',
    domaine_fonctionnel: 'Vie associative',
    activitee: 'Soutien aux associations',
    numero_bop: '163',
  };
  return collection([{ demande_subvention: null, paiements: [payment] }]);
}
