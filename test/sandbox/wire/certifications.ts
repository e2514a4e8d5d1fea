import { z } from 'zod';
import { collection, day, dayOrNull, documentLink, single, siret, text, textOrNull } from './envelope.ts';

const readCertificate = z.strictObject({
  document_url: documentLink,
  document_url_expires_in: z.literal(86_400),
  date_emission: day,
  date_fin_validite: day,
  entity: z.strictObject({
    assurance_responsabilite_travaux: z.strictObject({ nom: textOrNull, identifiant: textOrNull }),
    assurance_responsabilite_civile: z.strictObject({ nom: textOrNull, identifiant: textOrNull }),
    certifications: z.array(
      z.strictObject({ code: text, libelle: text, rge: z.boolean(), date_attribution: day }),
    ),
  }),
});

/** A certificate whose layout could not be read: no date, no certification, and another key for the insurance. */
const unreadInsurance = z.strictObject({ nom: z.null(), numero: z.null() });
const unreadCertificate = z.strictObject({
  ...readCertificate.shape,
  date_emission: z.null(),
  date_fin_validite: z.null(),
  entity: z.strictObject({
    assurance_responsabilite_travaux: unreadInsurance,
    assurance_responsabilite_civile: unreadInsurance,
    certifications: z.array(z.never()),
  }),
});

const codeAndLabel = z.strictObject({ code: text, label: text });
const insurance = z.strictObject({ nom: text, date_debut: dayOrNull, date_fin: dayOrNull });

const qualifelec = z.strictObject({
  document_url: documentLink,
  numero: z.number(),
  rge: z.boolean(),
  date_debut: day,
  date_fin: day,
  qualification: z.strictObject({
    label: text,
    date_debut: day,
    date_fin: day,
    indices: z.array(codeAndLabel).min(1),
    mentions: z.array(codeAndLabel).min(1),
    domaines: z.array(codeAndLabel),
    classification: z.strictObject({ code: z.int().nullable(), label: textOrNull }),
  }),
  assurance_decennale: insurance,
  assurance_civile: insurance,
});

const engineering = z.array(
  z.strictObject({ nom: text, code_qualification: text, definition: text, rge: z.boolean().nullable() }),
);

const opqibi = z.strictObject({
  numero_certificat: text,
  url: z.url(),
  date_delivrance_certificat: day,
  duree_validite_certificat: text,
  assurances: text,
  qualifications: engineering,
  date_validite_qualifications: dayOrNull,
  qualifications_probatoires: engineering,
  date_validite_qualifications_probatoires: dayOrNull,
});

const rge = z.strictObject({
  url: z.url(),
  nom_certificat: text,
  domaine: text,
  meta_domaine: z.enum([
    'anciens domaines avant 2021',
    "Travaux d'efficacité énergétique",
    "Installations d'énergies renouvelables",
    'Rénovation globale',
    'Etudes énergétiques',
    'Inconnu',
    'Non renseigné',
  ]),
  qualification: z.strictObject({ code: text, nom: text }),
  organisme: z.enum([
    'Non renseigné',
    'qualibat',
    'qualitenr',
    'cnoa',
    'opqibi',
    'qualifelec',
    'cequami',
    'certibat',
    'afnor',
    'Inconnu',
  ]),
  date_attribution: day,
  date_expiration: day,
  meta: z.strictObject({ internal_id: text, updated_at: day, archived: z.boolean() }),
});

const specialty = z.strictObject({ code: textOrNull, libelle: textOrNull });
const qualiopi = z.strictObject({
  siret,
  code_uai: textOrNull,
  unite_legale_avec_plusieurs_nda: z.boolean(),
  declarations_activites_etablissement: z.array(
    z.strictObject({
      numero_de_declaration: text,
      actif: z.literal(true),
      date_derniere_declaration: day,
      date_debut_exercice: day,
      date_fin_exercice: day,
      certification_qualiopi: z.strictObject({
        action_formation: z.boolean(),
        bilan_competences: z.boolean(),
        validation_acquis_experience: z.boolean(),
        apprentissage: z.boolean(),
        obtention_via_unite_legale: z.boolean().nullable(),
      }),
      specialites: z.strictObject({
        specialite_1: specialty,
        specialite_2: specialty,
        specialite_3: specialty,
      }),
    }),
  ),
  habilitations_france_competence: z.array(
    z.strictObject({
      code: text,
      actif: z.boolean(),
      date_actif: dayOrNull,
      date_fin_enregistrement: dayOrNull,
      date_decision: dayOrNull,
      habilitation_pour_former: z.boolean(),
      habilitation_pour_organiser_l_evaluation: z.boolean(),
      sirets_organismes_certificateurs: z.array(siret),
    }),
  ),
});

export const certificationSchemas = {
  qualibat_certification: z.union([
    single(readCertificate),
    single(unreadCertificate, z.strictObject({ extractor_error: text })),
  ]),
  qualifelec_certificats: collection(qualifelec),
  opqibi_certification: single(opqibi),
  fntp_carte_professionnelle: single(
    z.strictObject({ document_url: documentLink, expires_in: z.literal(86_400) }),
  ),
  ademe_certification_rge: collection(rge),
  carif_oref_qualiopi: single(qualiopi),
};
