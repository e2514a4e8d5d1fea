import { z } from 'zod';
import { adresseSchema, codeLibelleSchema, dirigeantSchema } from '../dossier/identite.ts';
import { single } from './envelope.ts';
import { observationSchema } from './registry-observations.ts';
import { amount, code, codeLibelle, day, flag, identifierOrNull, list, text } from './wire-values.ts';
import { joined } from './wording.ts';

export const rneWire = single(
  z.object({
    document_url: text,
    identite_entreprise: z.object({
      siren: identifierOrNull(9),
      denomination: text,
      nom: text,
      prenoms: list(text),
      date_immatriculation_rne: day,
      date_debut_activite: day,
      dissolution: z.object({ date: day, poursuite_activite: flag }).nullish(),
      date_fin_personne: day,
      date_cloture_exercice: text,
      nature_entreprise: text,
      forme_juridique: codeLibelle,
      associe_unique: flag,
      activite_principales_objet_social: text,
      code_APE: codeLibelle,
      capital_social: z.object({ montant: amount, devise: text }).nullish(),
      adresse_siege_social: z
        .object({ voie: text, code_postal: code, commune: text, pays: text, complement: text })
        .nullish(),
    }),
    dirigeants_et_associes: list(z.object({ qualite: text, nom: text, prenom: text })),
    etablissements: list(
      z.object({
        siret: identifierOrNull(14),
        type_etablissement: text,
        statut: text,
        date_debut_activite: day,
        activite_principale: text,
        code_APE: codeLibelle,
      }),
    ),
    etablissements_fermes_total: amount,
    diffusion_insee: flag,
    observations: list(z.object({ numero: code, date: day, texte: text })),
  }),
);

const texte = z.string().nullable();
const jour = z.iso.date().nullable();

export const rneSchema = z
  .object({
    denomination: texte.describe('Dénomination, ou nom et premier prénom'),
    type: z.enum(['personne_morale', 'personne_physique']).nullable(),
    nature: texte.describe('Commerciale, artisanale, agricole ou libérale'),
    forme_juridique: codeLibelleSchema.nullable(),
    associe_unique: z.boolean().nullable(),
    date_immatriculation: jour,
    date_debut_activite: jour,
    date_fin_personne_morale: jour.describe('Terme prévu, sauf prorogation'),
    date_cloture_exercice: texte.describe('Jour et mois, `JJ-MM`'),
    dissolution: z.object({ date: z.iso.date(), poursuite_activite: z.boolean().nullable() }).nullable(),
    objet_social: texte,
    activite_principale: codeLibelleSchema.nullable(),
    capital: z.object({ montant: z.number(), devise: texte }).nullable(),
    adresse_siege: adresseSchema.nullable(),
    siret_siege: texte,
    dirigeants_et_associes: z.array(dirigeantSchema).nullable().describe('Personnes physiques seulement'),
    nombre_etablissements_ouverts: z.int().nullable(),
    nombre_etablissements_fermes: z.int().nullable(),
    etablissement_demande: z
      .object({
        siret: z.string(),
        type: texte,
        etat: z.enum(['ouvert', 'ferme']).nullable(),
        date_debut_activite: jour,
        activite: texte,
        activite_principale: codeLibelleSchema.nullable(),
      })
      .nullable(),
    diffusion_totale: z
      .boolean()
      .nullable()
      .describe("Faux quand l'entreprise s'oppose à la diffusion de son nom et de son adresse"),
    observations: z.array(observationSchema).nullable(),
  })
  .meta({ id: 'DonneesInpiExtraitRne' });

type Data = z.output<typeof rneWire>['data'];
type Company = Data['identite_entreprise'];

/** @param siret establishment asked about: the others are counted only */
export function rneOf(data: Data, siret: string): z.infer<typeof rneSchema> {
  const company = data.identite_entreprise;
  const dissolvedOn = company.dissolution?.date ?? null;
  return {
    ...personOf(company),
    nature: company.nature_entreprise,
    forme_juridique: company.forme_juridique,
    associe_unique: company.associe_unique,
    date_immatriculation: company.date_immatriculation_rne,
    date_debut_activite: company.date_debut_activite,
    date_fin_personne_morale: company.date_fin_personne,
    date_cloture_exercice: company.date_cloture_exercice,
    dissolution:
      dissolvedOn === null
        ? null
        : { date: dissolvedOn, poursuite_activite: company.dissolution?.poursuite_activite ?? null },
    objet_social: company.activite_principales_objet_social,
    activite_principale: company.code_APE,
    capital: company.capital_social?.montant
      ? { montant: company.capital_social.montant, devise: company.capital_social.devise }
      : null,
    adresse_siege: addressOf(company.adresse_siege_social),
    dirigeants_et_associes: data.dirigeants_et_associes?.map(personInCharge) ?? null,
    ...establishmentsOf(data.etablissements, siret),
    nombre_etablissements_fermes: wholeOf(data.etablissements_fermes_total),
    diffusion_totale: data.diffusion_insee,
    observations:
      data.observations?.flatMap(({ texte, ...note }) => (texte === null ? [] : [{ ...note, texte }])) ??
      null,
  };
}

/** Only a sole trader has a name of their own. */
function personOf({ denomination, nom, prenoms }: Company) {
  if (nom !== null) return { type: 'personne_physique' as const, denomination: joined(prenoms?.[0], nom) };
  return { type: denomination === null ? null : ('personne_morale' as const), denomination };
}

function personInCharge({ qualite, nom, prenom }: NonNullable<Data['dirigeants_et_associes']>[number]) {
  const type = 'personne_physique' as const;
  return { type, fonction: qualite, nom, prenoms: prenom, denomination: null, siren: null };
}

function addressOf(wire: Company['adresse_siege_social']): z.infer<typeof adresseSchema> | null {
  if (!wire) return null;
  const { voie, code_postal, commune, pays, complement } = wire;
  const city = joined(code_postal, commune);
  const lignes = [complement, voie, city, pays].filter((line) => line !== null);
  if (lignes.length === 0) return null;
  return { lignes, numero_voie: null, voie, complement, code_postal, commune, code_commune: null, pays };
}

function establishmentsOf(establishments: Data['etablissements'], siret: string) {
  const asked = establishments?.find((establishment) => establishment.siret === siret);
  const headOffice = establishments?.find(
    ({ type_etablissement, statut }) =>
      type_etablissement?.normalize().startsWith('Siège') && stateOf(statut) === 'ouvert',
  );
  return {
    nombre_etablissements_ouverts:
      establishments?.filter(({ statut }) => stateOf(statut) === 'ouvert').length ?? null,
    siret_siege: headOffice?.siret ?? null,
    etablissement_demande: asked
      ? {
          siret,
          type: asked.type_etablissement,
          etat: stateOf(asked.statut),
          date_debut_activite: asked.date_debut_activite,
          activite: asked.activite_principale,
          activite_principale: asked.code_APE,
        }
      : null,
  };
}

function stateOf(statut: string | null): 'ouvert' | 'ferme' | null {
  if (statut === 'actif') return 'ouvert';
  return statut?.normalize() === 'fermé' ? 'ferme' : null;
}

function wholeOf(count: number | null): number | null {
  return Number.isSafeInteger(count) && Number(count) >= 0 ? count : null;
}
