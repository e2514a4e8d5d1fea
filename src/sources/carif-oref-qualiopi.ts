import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import { single } from './envelope.ts';
import { defineSource, LARGE_BYTES } from './source.ts';
import { code, flag, identifierOrNull, text } from './wire-values.ts';

const speciality = z.object({ code, libelle: text }).nullish();

const declaration = z.object({
  numero_de_declaration: code,
  actif: flag,
  date_derniere_declaration: text,
  date_debut_exercice: text,
  date_fin_exercice: text,
  certification_qualiopi: z
    .object({
      action_formation: flag,
      bilan_competences: flag,
      validation_acquis_experience: flag,
      apprentissage: flag,
      obtention_via_unite_legale: flag,
    })
    .nullish(),
  specialites: z
    .object({ specialite_1: speciality, specialite_2: speciality, specialite_3: speciality })
    .nullish(),
});

const habilitation = z.object({
  code,
  actif: flag,
  date_actif: text,
  date_fin_enregistrement: text,
  date_decision: text,
  habilitation_pour_former: flag,
  habilitation_pour_organiser_l_evaluation: flag,
  sirets_organismes_certificateurs: z.array(code).nullish(),
});

const wire = single(
  z.object({
    siret: identifierOrNull(14),
    code_uai: text,
    unite_legale_avec_plusieurs_nda: flag,
    declarations_activites_etablissement: z.array(declaration).nullish(),
    habilitations_france_competence: z.array(habilitation).nullish(),
  }),
);

const jour = z.iso.date().nullable();
const texte = z.string().nullable();
const ouiNon = z.boolean().nullable();
const criteres = z.object({
  action_formation: ouiNon,
  bilan_competences: ouiNon,
  validation_acquis_experience: ouiNon,
  apprentissage: ouiNon,
});

const donnees = z
  .object({
    siret: texte,
    code_uai: texte.describe('Code d’un établissement de l’Éducation nationale'),
    unite_legale_avec_plusieurs_nda: ouiNon.describe(
      'Plusieurs numéros de déclaration d’activité : ceux des autres établissements ne sont pas ici',
    ),
    declarations_activite: z
      .array(
        z.object({
          numero: texte,
          actif: ouiNon,
          date_derniere_declaration: jour.describe('Jour du dernier bilan pédagogique et financier'),
          date_debut_exercice: jour,
          date_fin_exercice: jour,
          certification_qualiopi: criteres.extend({ obtention_via_unite_legale: ouiNon }).nullable(),
          specialites: z.array(z.object({ code: texte, libelle: texte })),
        }),
      )
      .nullable(),
    habilitations: z
      .array(
        z.object({
          code: texte.describe('Code de la certification (RNCP ou RS)'),
          actif: ouiNon,
          date_actif: jour,
          date_fin_enregistrement: jour,
          date_decision: jour,
          pour_former: ouiNon,
          pour_organiser_evaluation: ouiNon,
          sirets_certificateurs: z.array(z.string()),
        }),
      )
      .nullable(),
  })
  .meta({ id: 'DonneesCarifOrefQualiopi' });
type Declarations = z.output<typeof donnees>['declarations_activite'];
type Critere = keyof z.output<typeof criteres>;

/**
 * Which training actions of an establishment are certified Qualiopi, and what France compétences allows it.
 * The answer bears neither certificate nor dates: it is true when it is given.
 */
export const carifOrefQualiopi = defineSource({ wire, donnees })({
  id: 'carif_oref_qualiopi',
  administration: 'Carif-Oref',
  libelle: 'Certification Qualiopi et habilitations France compétences',
  perimetre: 'Établissements d’organismes de formation déclarés.',
  opening: 'protege',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v3/carif_oref/etablissements/${siret}/certifications_qualiopi_france_competences`],
  quota: 'json',
  scopes: ['certifications_qualiopi_france_competences'],
  timeoutMs: 15_000,
  maxBytes: LARGE_BYTES,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: {
      siret: data.siret,
      code_uai: data.code_uai,
      unite_legale_avec_plusieurs_nda: data.unite_legale_avec_plusieurs_nda,
      declarations_activite: data.declarations_activites_etablissement?.map(declarationOf) ?? null,
      habilitations: data.habilitations_france_competence?.map(habilitationOf) ?? null,
    },
    about: data.siret,
  }),
  explications: {
    obtenu:
      'Les Carif-Oref connaissent cet organisme de formation ; voir quelles actions sont certifiées Qualiopi au jour de la réponse.',
    non_trouve: 'Les Carif-Oref ne connaissent pas cet établissement comme organisme de formation.',
  },
  unify: ({ declarations_activite }) => ({ certifications: { qualiopi: qualiopiOf(declarations_activite) } }),
});

function declarationOf({ specialites, ...found }: z.output<typeof declaration>) {
  return {
    numero: found.numero_de_declaration,
    actif: found.actif,
    date_derniere_declaration: dayIn(found.date_derniere_declaration),
    date_debut_exercice: dayIn(found.date_debut_exercice),
    date_fin_exercice: dayIn(found.date_fin_exercice),
    certification_qualiopi: found.certification_qualiopi ?? null,
    specialites: Object.values(specialites ?? {}).flatMap((one) => (one?.code || one?.libelle ? [one] : [])),
  };
}

function habilitationOf(found: z.output<typeof habilitation>) {
  return {
    code: found.code,
    actif: found.actif,
    date_actif: dayIn(found.date_actif),
    date_fin_enregistrement: dayIn(found.date_fin_enregistrement),
    date_decision: dayIn(found.date_decision),
    pour_former: found.habilitation_pour_former,
    pour_organiser_evaluation: found.habilitation_pour_organiser_l_evaluation,
    sirets_certificateurs: (found.sirets_organismes_certificateurs ?? []).filter((siret) => siret !== null),
  };
}

function qualiopiOf(declarations: Declarations): z.output<typeof criteres> | null {
  if (declarations === null) return null;
  const critere = (name: Critere) => isCertified(declarations, name);
  return {
    action_formation: critere('action_formation'),
    bilan_competences: critere('bilan_competences'),
    validation_acquis_experience: critere('validation_acquis_experience'),
    apprentissage: critere('apprentissage'),
  };
}

/** One active declaration is enough; what a declaration leaves unsaid is unknown, never « no ». */
function isCertified(declarations: NonNullable<Declarations>, name: Critere): boolean | null {
  const said = declarations
    .filter(({ actif }) => actif !== false)
    .map(({ actif, certification_qualiopi }) => (certification_qualiopi?.[name] ?? null) && actif);
  return said.includes(true) || (said.includes(null) ? null : false);
}
