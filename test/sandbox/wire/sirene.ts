import { z } from 'zod';
import { integerOrNull, single, siren, siret, text, textOrNull } from './envelope.ts';

const HIDDEN = '[ND]';
const ACCESS = ['diffusible', 'partiellement_diffusible', 'non_diffusible'] as const;
const SIZES = 'NN 00 01 02 03 11 12 21 22 31 32 41 42 51 52 53'.split(' ');
const STREETS =
  'ALLÉE AVENUE BOULEVARD CARREFOUR CHEMIN CHAUSSÉE CITÉ CORNICHE COURS DOMAINE DESCENTE ECART ESPLANADE FAUBOURG HAMEAU HALLE IMPASSE LIEU-DIT LOTISSEMENT MARCHÉ MONTÉE PASSAGE PLACE PLAINE PLATEAU PROMENADE PARVIS QUARTIER QUAI RÉSIDENCE RUELLE ROCADE ROND-POINT ROUTE RUE SENTIER SQUARE TERRE-PLEIN TRAVERSE VILLA VILLAGE'.split(
    ' ',
  );

const naf2025 = z.strictObject({ code: textOrNull, nomenclature: z.literal('NAF2025'), libelle: text });
const nafRev2 = z.strictObject({
  code: z.string().regex(/^\d{2}\.\d{2}[A-Z]$/),
  nomenclature: z.literal('NAFRev2'),
  libelle: text,
});

export const headcountRange = z.strictObject({
  code: z.enum(SIZES).nullable(),
  intitule: textOrNull,
  date_reference: z
    .string()
    .regex(/^\d{4}$/)
    .nullable(),
  de: integerOrNull,
  a: integerOrNull,
});

const postalLines = z.strictObject({ l1: text, l2: text, l3: text, l4: text, l5: text, l6: text, l7: text });

/** `hidden` is what the diffusibles endpoints may write in the place of a value: nothing on protected ones. */
function addressWhere(hidden: readonly string[]) {
  return z.strictObject({
    numero_voie: text,
    indice_repetition_voie: z.enum(['bis', 'ter', 'quarter', 'quinquies', ...hidden]).nullable(),
    type_voie: z.enum([...STREETS, 'GRANDE RUE', ...hidden]).nullable(),
    libelle_voie: text,
    complement_adresse: textOrNull,
    code_commune: z.string().regex(/^(\d{2}|2[AB])\d{3}$/),
    libelle_commune: text,
    code_postal: z.union([z.string().regex(/^\d{5}$/), z.enum(['', ...hidden])]),
    distribution_speciale: textOrNull,
    code_cedex: textOrNull,
    libelle_cedex: textOrNull,
    libelle_commune_etranger: textOrNull,
    code_pays_etranger: textOrNull,
    libelle_pays_etranger: textOrNull,
    status_diffusion: z.enum(ACCESS),
    acheminement_postal: postalLines,
  });
}

function unitWhere(hidden: readonly string[]) {
  return z.strictObject({
    siren,
    rna: textOrNull,
    siret_siege_social: siret,
    type: z.enum(['personne_morale', 'personne_physique']),
    personne_morale_attributs: z.strictObject({ raison_sociale: textOrNull, sigle: textOrNull }),
    personne_physique_attributs: z.strictObject({
      pseudonyme: textOrNull,
      prenom_usuel: textOrNull,
      prenom_1: textOrNull,
      prenom_2: textOrNull,
      prenom_3: textOrNull,
      prenom_4: textOrNull,
      nom_usage: textOrNull,
      nom_naissance: textOrNull,
      sexe: z.enum(['M', 'F', ...hidden]).nullable(),
    }),
    categorie_entreprise: z.enum(['PME', 'ETI', 'GE']).nullable(),
    status_diffusion: z.enum(ACCESS),
    diffusable_commercialement: z.boolean(),
    forme_juridique: z.strictObject({ code: z.string().regex(/^\d{4}$/), libelle: text }),
    activite_principale: naf2025,
    activite_principale_naf_rev2: nafRev2,
    tranche_effectif_salarie: headcountRange,
    etat_administratif: z.enum(['A', 'C']),
    economie_sociale_et_solidaire: z.boolean().nullable(),
    date_creation: integerOrNull,
  });
}

function establishmentWhere(hidden: readonly string[]) {
  const data = z.strictObject({
    siret,
    siege_social: z.boolean(),
    etat_administratif: z.enum(['A', 'F']),
    date_fermeture: integerOrNull,
    enseigne: textOrNull,
    activite_principale: naf2025,
    activite_principale_naf_rev2: nafRev2,
    tranche_effectif_salarie: headcountRange,
    diffusable_commercialement: z.boolean(),
    status_diffusion: z.enum(ACCESS),
    date_creation: integerOrNull,
    adresse: addressWhere(hidden),
    unite_legale: unitWhere(hidden),
  });
  const meta = z.strictObject({ date_derniere_mise_a_jour: z.int(), redirect_from_siret: siret.nullable() });
  return single(data, meta, z.strictObject({ unite_legale: z.url() }));
}

function legalUnitWhere(hidden: readonly string[]) {
  const data = z.strictObject({ ...unitWhere(hidden).shape, date_cessation: integerOrNull });
  const meta = z.strictObject({ date_derniere_mise_a_jour: z.int(), redirect_from_siren: siren.nullable() });
  return single(data, meta, z.strictObject({ siege_social: z.url(), siege_social_adresse: z.url() }));
}

const successionLink = z.strictObject({
  siret,
  date_succession: z.iso.date(),
  transfert_siege: z.boolean(),
  continuite_economique: z.boolean(),
});

export const sireneSchemas = {
  insee_etablissement: establishmentWhere([]),
  insee_etablissement_diffusible: establishmentWhere([HIDDEN]),
  insee_siege_social: establishmentWhere([]),
  insee_siege_social_diffusible: establishmentWhere([HIDDEN]),
  insee_unite_legale: legalUnitWhere([]),
  insee_unite_legale_diffusible: legalUnitWhere([HIDDEN]),
  insee_adresse: single(
    addressWhere([]),
    z.strictObject({ date_derniere_mise_a_jour: z.int() }),
    z.strictObject({ unite_legale: z.url(), etablissement: z.url() }),
  ),
  insee_successions: single(
    z.strictObject({ predecesseurs: z.array(successionLink), successeurs: z.array(successionLink) }),
  ),
};
