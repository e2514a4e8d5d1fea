import { z } from 'zod';
import {
  collection,
  day,
  dayOrEmpty,
  dayOrNull,
  documentLink,
  integerOrNull,
  single,
  siren,
  siret,
  text,
  textOrNull,
} from './envelope.ts';

const month = z.string().regex(/^\d{4}-\d{2}$/);
const valueAndCode = z.strictObject({ valeur: text, code: text });

const officerOfExtract = z.union([
  z.strictObject({
    type: z.literal('personne_physique'),
    fonction: text,
    nom: text,
    prenom: text,
    date_naissance: month,
  }),
  z.strictObject({
    type: z.literal('personne_morale'),
    fonction: text,
    numero_identification: text,
    raison_sociale: text,
  }),
]);

const extract = z.strictObject({
  siren,
  date_extrait: day,
  date_immatriculation: dayOrNull,
  date_radiation: dayOrNull,
  mandataires_sociaux: z.array(officerOfExtract),
  observations: z.array(z.strictObject({ numero: text, libelle: text, date: day })),
  nom_commercial: text,
  etablissement_principal: z.strictObject({
    activite: text,
    origine_fonds: text,
    mode_exploitation: text,
    code_ape: z.string().regex(/^\d{4}[A-Z]$/),
  }),
  capital: z.strictObject({ montant: z.number(), devise: text, code_devise: text }),
  greffe: z.strictObject({ valeur: text, code: z.string().regex(/^\d{4}$/) }),
  personne_physique: z.strictObject({
    adresse: z.strictObject({
      nom_postal: text,
      numero: text,
      type: text,
      voie: text,
      ligne_1: text,
      ligne_2: text,
      localite: text,
      code_postal: text,
      bureau_distributeur: text,
      pays: text,
    }),
    nationalite: valueAndCode,
    nom: text,
    prenom: text,
    naissance: z.strictObject({ pays: valueAndCode, date: text, lieu: text }),
  }),
  personne_morale: z.strictObject({
    forme_juridique: valueAndCode,
    denomination: text,
    /** The month first, unlike the RNE. */
    date_cloture_exercice_comptable: z.union([z.literal(''), z.string().regex(/^(0[1-9]|1[0-2])-\d{2}$/)]),
    date_fin_de_vie: dayOrEmpty,
  }),
});

const officer = z.union([
  z.strictObject({
    type: z.literal('personne_physique'),
    fonction: textOrNull,
    nom: textOrNull,
    prenom: textOrNull,
    date_naissance: dayOrNull,
    date_naissance_timestamp: integerOrNull,
    lieu_naissance: textOrNull,
    pays_naissance: textOrNull,
    code_pays_naissance: textOrNull,
    nationalite: textOrNull,
    code_nationalite: textOrNull,
  }),
  z.strictObject({
    type: z.literal('personne_morale'),
    fonction: textOrNull,
    numero_identification: textOrNull,
    raison_sociale: textOrNull,
    code_greffe: textOrNull,
    libelle_greffe: textOrNull,
  }),
]);

const ape = z.strictObject({ code: z.string().regex(/^\d{4}[A-Z]$/), libelle: text });
const aprm = z.strictObject({
  code: z
    .string()
    .regex(/^\d{4}[A-Z]{2}$/)
    .nullable(),
  libelle: textOrNull,
});
const address = z.strictObject({
  voie: text,
  code_postal: z.string().regex(/^\d{5}$/),
  commune: text,
  pays: text,
  complement: textOrNull,
});

const identity = z.strictObject({
  denomination: textOrNull,
  nom: textOrNull,
  prenoms: z.array(text).nullable(),
  siren,
  date_immatriculation_rne: day,
  date_debut_activite: dayOrNull,
  detail_cessation: z.null(),
  dissolution: z.strictObject({
    date: dayOrNull,
    poursuite_activite: z.boolean().nullable(),
    avec_liquidation: z.boolean().nullable(),
  }),
  date_fin_personne: dayOrNull,
  date_cloture_exercice: z
    .string()
    .regex(/^\d{2}-\d{2}$/)
    .nullable(),
  date_premiere_cloture_exercice: dayOrNull,
  nature_entreprise: z.enum(['COMMERCIALE', 'ARTISANALE', 'AGRICOLE', 'LIBERALE']),
  forme_juridique: z.strictObject({ code: text, libelle: text }),
  associe_unique: z.boolean(),
  activite_principales_objet_social: textOrNull,
  code_APE: ape,
  code_APRM: aprm,
  capital_social: z.strictObject({ montant: z.number().nullable(), devise: text }),
  adresse_siege_social: address,
});

const rne = z.strictObject({
  document_url: documentLink,
  identite_entreprise: identity,
  dirigeants_et_associes: z.array(
    z.strictObject({
      qualite: text,
      nom: text,
      prenom: text,
      date_naissance: month,
      commune_residence: text,
    }),
  ),
  etablissements: z.array(
    z.strictObject({
      type_etablissement: z.enum(['Siège et principal', 'Siège', 'Secondaire']),
      siret,
      statut: z.enum(['actif', 'fermé']),
      date_debut_activite: day,
      code_APE: ape,
      code_APRM: aprm,
      nature_etablissement: text,
      activite_principale: text,
      autre_activite: textOrNull,
      adresse: address,
    }),
  ),
  diffusion_commerciale: z.boolean(),
  diffusion_insee: z.boolean(),
  etablissements_fermes_total: z.int(),
  observations: z.array(
    z.strictObject({ fournisseur: z.enum(['rcs', 'rnm']), numero: textOrNull, date: day, texte: text }),
  ),
});

const deposit = { id: text, nom_document: text, date_depot: day, date_mise_a_jour: day, url: documentLink };
const BALANCE_SHEETS = [
  'bilan complet',
  'bilan simplifié',
  'bilan consolidé',
  'bilan de type banque',
  'bilan de type assurance',
  'bilan de type agricole simplifié',
] as const;

const deposits = z.strictObject({
  actes: z.array(
    z.strictObject({
      ...deposit,
      types_actes: z.array(z.strictObject({ type_acte: text, type_decision: textOrNull })).nullable(),
    }),
  ),
  bilans: z.array(z.strictObject({ ...deposit, date_cloture: dayOrNull, type: z.enum(BALANCE_SHEETS) })),
});

export const registerSchemas = {
  infogreffe_extrait_rcs: single(extract),
  infogreffe_mandataires_sociaux: collection(
    officer,
    z.strictObject({ personnes_physiques_count: z.int(), personnes_morales_count: z.int(), count: z.int() }),
  ),
  inpi_extrait_rne: single(rne),
  inpi_actes_bilans: single(deposits),
  commission_europeenne_numero_tva: single(z.strictObject({ tva_number: z.string().regex(/^FR\d{11}$/) })),
  douanes_eori: single(
    z.strictObject({
      id: z.string().regex(/^FR\d{14}$/),
      actif: z.boolean(),
      code_pays: text,
      code_postal: text,
      libelle: text,
      pays: text,
      rue: text,
      ville: text,
    }),
  ),
};
