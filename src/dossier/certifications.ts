import { z } from 'zod';

const jour = z.iso.date().nullable();
const texte = z.string().nullable();

const qualification = z.object({
  code: texte,
  libelle: texte,
  rge: z.boolean().nullable(),
  du: jour,
  au: jour,
});
const liste = z.array(qualification).nullable();

/** Qualifications that matter to a tender: null when unknown, an empty list when the source gave none. */
export const certificationsSchema = z
  .object({
    qualibat: liste,
    qualifelec: liste,
    opqibi: liste,
    travaux_publics: z.object({ carte_professionnelle: z.boolean() }).nullable(),
    rge: liste.describe('Qualifications RGE connues de l’Ademe, en cours de validité ou non'),
    qualiopi: z
      .object({
        action_formation: z.boolean().nullable(),
        bilan_competences: z.boolean().nullable(),
        validation_acquis_experience: z.boolean().nullable(),
        apprentissage: z.boolean().nullable(),
      })
      .nullable()
      .describe("Actions certifiées Qualiopi au jour de la réponse, d'après les déclarations actives"),
  })
  .meta({ id: 'Certifications' });
