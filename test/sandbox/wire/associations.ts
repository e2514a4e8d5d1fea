import { z } from 'zod';
import {
  codeAndLabel,
  collection,
  day,
  dayOrNull,
  documentLink,
  single,
  siren,
  siret,
  text,
  textOrNull,
  year,
} from './envelope.ts';

const address = z.strictObject({
  complement: textOrNull,
  numero_voie: textOrNull,
  type_voie: textOrNull,
  libelle_voie: textOrNull,
  distribution: textOrNull,
  code_insee: textOrNull,
  code_postal: textOrNull,
  commune: textOrNull,
});

const staffOfYear = z.strictObject({
  annee: year,
  nombre_benevoles: z.int(),
  nombre_volontaires: z.int(),
  nombre_salaries: z.int(),
  nombre_salaries_etpt: z.number(),
  nombre_emplois_aides: z.int(),
  nombre_personnels_detaches: z.int(),
  nombre_adherents: z.strictObject({ hommes: z.int(), femmes: z.int(), total: z.int() }),
});

const accountsOfYear = z.strictObject({
  annee: year,
  commisaire_aux_comptes: z.boolean(),
  montant_dons: z.number(),
  cause_subventions: textOrNull,
  montant_subventions: z.number(),
  montant_aides_sur_3ans: z.number(),
  total_charges: z.number(),
  total_resultat: z.number(),
  total_produits: z.number(),
});

const openEstablishment = z.strictObject({
  siren,
  siret,
  actif: z.boolean(),
  siege: z.boolean(),
  nom: textOrNull,
  telephone: textOrNull,
  courriel: textOrNull,
  date_debut_activite: dayOrNull,
  adresse: address,
  activite_principale: codeAndLabel,
  tranche_effectif: codeAndLabel,
  rhs: z.array(staffOfYear),
  comptes: z.array(accountsOfYear),
});

const establishment = z.strictObject({
  ...openEstablishment.shape,
  representants_legaux: z.array(
    z.strictObject({
      civilite: text,
      nom: text,
      prenom: text,
      fonction: text,
      valideur_cec: z.boolean(),
      publication_internet: z.boolean(),
      telephone: textOrNull,
      courriel: textOrNull,
    }),
  ),
  documents_dac: z.array(
    z.strictObject({
      id: text.optional(),
      nom: text,
      annee_validite: textOrNull,
      commentaire: textOrNull,
      etat: z.enum(['courant', 'archivé']),
      type: text,
      date_depot: dayOrNull,
      url: documentLink,
    }),
  ),
});

const codeLabelAndYear = z.strictObject({ ...codeAndLabel.shape, annee: year.nullable() });

const openAssociation = z.strictObject({
  rna: z
    .string()
    .regex(/^W\d[\dA-Z]\d{7}$/)
    .nullable(),
  ancien_id: textOrNull,
  siren: siren.nullable(),
  nom: text,
  active: z.boolean(),
  sigle: textOrNull,
  reconnue_utilite_publique: z.boolean(),
  siret_siege: siret.nullable(),
  forme_juridique: codeAndLabel,
  regime: z.enum(['Loi 1901', 'Alsace-Moselle']),
  groupement: z.enum(['Simple', 'Fédération', 'Union']).nullable(),
  eligibilite_cec: z.boolean(),
  raison_non_eligibilite_cec: textOrNull,
  impots_commerciaux: z.boolean(),
  date_creation: dayOrNull,
  date_dissolution: dayOrNull,
  date_publication_reconnue_utilite_publique: dayOrNull,
  date_publication_journal_officiel: dayOrNull,
  adresse_siege: address,
  adresse_gestion: address,
  alsace_moselle: z.strictObject({
    tribunal_instance: textOrNull,
    volume: textOrNull,
    folio: textOrNull,
    date_publication_registre_association: dayOrNull,
  }),
  composition_reseau: z.array(
    z.strictObject({
      nom: text,
      rna: textOrNull,
      siret: textOrNull,
      telephone: textOrNull,
      courriel: textOrNull,
      objet: text,
      adresse: address,
      site_web: textOrNull,
    }),
  ),
  agrements: z.array(
    z.strictObject({
      numero: text,
      date_attribution: day,
      type: text,
      niveau: z.enum(['national', 'local']),
      attributeur: text,
      url: textOrNull,
    }),
  ),
  activites: z.strictObject({
    objet: textOrNull,
    objet_social1: codeAndLabel,
    objet_social2: codeAndLabel,
    champ_action_territorial: z
      .enum(['national', 'international', 'régional', 'départemental', 'local'])
      .nullable(),
    activite_principale: codeLabelAndYear,
    tranche_effectif: codeLabelAndYear,
    economie_sociale_et_solidaire: z.boolean().nullable(),
    date_appartenance_ess: dayOrNull,
  }),
  etablissements: z.array(openEstablishment),
});

const association = z.strictObject({
  ...openAssociation.shape,
  etablissements: z.array(establishment),
  reseaux_affiliation: z.array(
    z.strictObject({
      nom: text,
      numero: textOrNull,
      rna: textOrNull,
      siret: textOrNull,
      objet: textOrNull,
      adresse: address.optional(),
      telephone: textOrNull.optional(),
      courriel: textOrNull.optional(),
      attestation_affiliation_url: textOrNull.optional(),
      nombre_licencies: z.strictObject({
        hommes: z.int().nullable(),
        femmes: z.int().nullable(),
        total: z.int().nullable(),
      }),
    }),
  ),
  documents_rna: z.array(
    z.strictObject({
      id: text.optional(),
      type: z.enum(['Pièce', 'Récipicé']),
      sous_type: z.strictObject({ code: text, libelle: text }),
      date_depot: dayOrNull,
      annee_depot: year.optional(),
      url: documentLink,
    }),
  ),
});

const meta = z.strictObject({
  internal_id: text,
  date_derniere_mise_a_jour_sirene: dayOrNull,
  date_derniere_mise_a_jour_rna: dayOrNull,
});

const instant = z.iso.datetime();

const project = z.strictObject({
  rang: z.number(),
  intitule: text,
  objectifs: text,
  objectifs_operationnels: text,
  description: text,
  aide: z.strictObject({ nature: text, modalite: text }),
  modalite_ou_dispositif: text,
  indicateurs: textOrNull,
  cofinanceurs: text,
});

const request = z.strictObject({
  fournisseur: text,
  date_mise_a_jour_information: instant,
  annee_exercice_demande: z.number(),
  identifiant_engagement_juridique: textOrNull,
  jointure_demandes_et_versements: textOrNull,
  subvention_demandee: z.strictObject({
    dispositif: text,
    sous_dispositif: text,
    montant_demande: z.number(),
  }),
  description_des_projets: z.strictObject({
    estimation_cout_total: z.number().optional(),
    projet: z.array(project),
  }),
  instruction: z.strictObject({
    service_instructeur: text,
    date_commission: instant.nullable(),
    statut_demande: z.enum(['Accordé', 'En instruction', 'Refusé', 'En attente']),
    montant_accorde: z.number(),
  }),
});

const payment = z.strictObject({
  fournisseur: text,
  date_mise_a_jour_information: instant,
  jointure_demandes_et_versements: textOrNull,
  montant_verse: z.number(),
  date_versement: instant,
  centre_financier: text,
  domaine_fonctionnel: text,
  activitee: text,
  numero_bop: text,
  programme: z
    .strictObject({ numero: text, libelle: text, fournisseur: text, date_mise_a_jour_information: instant })
    .optional(),
});

export const associationSchemas = {
  djepva_association: single(association, meta),
  djepva_association_open_data: single(openAssociation, meta),
  data_subvention_subventions: collection(
    z.strictObject({ demande_subvention: request.nullable(), paiements: z.array(payment) }),
  ),
};
