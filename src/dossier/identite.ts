import { z } from 'zod';

const texte = z.string().nullable();
const jour = z.iso.date().nullable();
export const codeLibelleSchema = z.object({ code: texte, libelle: texte });
export const activiteSchema = codeLibelleSchema.extend({ nomenclature: texte });

export const adresseSchema = z
  .object({
    lignes: z.array(z.string()).describe('Adresse postale, ligne par ligne'),
    numero_voie: texte,
    voie: texte,
    complement: texte,
    code_postal: texte,
    commune: texte,
    code_commune: texte.describe('Code officiel géographique'),
    pays: texte,
  })
  .meta({ id: 'Adresse' });

export const effectifSchema = z
  .object({
    code: texte.describe("Tranche de l'Insee ; NN : pas d'employeur"),
    libelle: texte,
    de: z.number().nullable(),
    a: z.number().nullable(),
    annee: texte.describe('Année de référence, en retard de deux à trois ans'),
  })
  .meta({ id: 'TrancheEffectif' });

export const dirigeantSchema = z
  .object({
    type: z.enum(['personne_physique', 'personne_morale']),
    fonction: texte,
    nom: texte,
    prenoms: texte,
    denomination: texte,
    siren: texte,
  })
  .meta({ id: 'Dirigeant' });

export const successionSchema = z.object({
  siret: z.string(),
  date: jour,
  transfert_siege: z.boolean().nullable(),
  continuite_economique: z.boolean().nullable(),
});

/** One coherent identity. Every value may be unknown: it is then null, never guessed. */
export const identiteSchema = z
  .object({
    denomination: texte.describe('Raison sociale, ou nom et prénom'),
    sigle: texte,
    nom_commercial: texte,
    type: z.enum(['personne_morale', 'personne_physique']).nullable(),
    forme_juridique: codeLibelleSchema.nullable(),
    etat_administratif: z.enum(['actif', 'cesse']).nullable().describe("État de l'entreprise au Sirene"),
    date_creation: jour,
    date_cessation: jour,
    activite_principale: activiteSchema.nullable().describe("Activité de l'entreprise"),
    activite_principale_naf_rev2: activiteSchema.nullable(),
    categorie_entreprise: texte.describe(
      "Catégorie statistique de l'Insee, de l'année de `effectif` : ne prouve pas la qualité de PME",
    ),
    effectif: effectifSchema.nullable().describe("Tranche d'effectif de l'entreprise"),
    economie_sociale_et_solidaire: z.boolean().nullable(),
    adresse: adresseSchema.nullable().describe("Adresse de l'établissement demandé"),
    etablissement: z
      .object({
        siret: z.string(),
        siege: z.boolean(),
        etat_administratif: z.enum(['ouvert', 'ferme']),
        enseigne: texte,
        date_creation: jour,
        date_fermeture: jour,
      })
      .nullable()
      .describe("L'établissement demandé"),
    siege: z.object({ siret: z.string() }).nullable(),
    diffusion: z.enum(['diffusible', 'partiellement_diffusible', 'non_diffusible']).nullable(),
    immatriculation_rcs: z
      .object({ greffe: texte, date_immatriculation: jour, date_radiation: jour })
      .nullable(),
    immatriculation_rne: z.object({ nature: texte, date_immatriculation: jour }).nullable(),
    capital: z.object({ montant: z.number(), devise: texte }).nullable(),
    objet_social: texte,
    dirigeants: z.array(dirigeantSchema).nullable(),
    numero_tva: texte,
    numero_eori: texte,
    numero_rna: texte,
    association: z
      .object({
        regime: texte,
        reconnue_utilite_publique: z.boolean().nullable(),
        objet: texte,
        date_dissolution: jour,
      })
      .nullable(),
    conventions_collectives: z.array(z.object({ idcc: z.string(), titre: texte })).nullable(),
    predecesseurs: z.array(successionSchema).nullable(),
    successeurs: z.array(successionSchema).nullable(),
  })
  .meta({ id: 'Identite' });
