import { z } from 'zod';
import { amount, code, flag, identifierOrNull, list, text } from './wire-values.ts';

const compte = z.object({
  annee: code,
  commisaire_aux_comptes: flag,
  montant_dons: amount,
  montant_subventions: amount,
  montant_aides_sur_3ans: amount,
  total_charges: amount,
  total_produits: amount,
  total_resultat: amount,
});

const moyens = z.object({
  annee: code,
  nombre_benevoles: amount,
  nombre_volontaires: amount,
  nombre_salaries: amount,
  nombre_salaries_etpt: amount,
  nombre_emplois_aides: amount,
  nombre_personnels_detaches: amount,
  nombre_adherents: z.object({ total: amount }).nullish(),
});

export const etablissementWire = z.object({
  siret: identifierOrNull(14),
  siege: flag,
  comptes: list(compte),
  rhs: list(moyens),
  representants_legaux: list(z.object({ nom: text, prenom: text, fonction: text })),
});

const texte = z.string().nullable();
const nombre = z.number().nullable();

export const representantsSchema = z
  .array(z.object({ nom: texte, prenoms: texte, fonction: texte }))
  .nullable()
  .describe("Représentants légaux du siège, puis de l'établissement demandé");

export const comptesSchema = z
  .array(
    z.object({
      siret: texte,
      annee: texte,
      commissaire_aux_comptes: z.boolean().nullable(),
      montant_dons_euros: nombre,
      montant_subventions_euros: nombre,
      montant_aides_sur_3_ans_euros: nombre,
      total_charges_euros: nombre,
      total_produits_euros: nombre,
      resultat_euros: nombre,
    }),
  )
  .nullable()
  .describe("Comptes déclarés par le siège, puis par l'établissement demandé : le dernier exercice d'abord");

export const moyensHumainsSchema = z
  .array(
    z.object({
      siret: texte,
      annee: texte,
      nombre_benevoles: nombre,
      nombre_volontaires: nombre,
      nombre_salaries: nombre,
      nombre_salaries_etpt: nombre.describe('Équivalents temps plein travaillé'),
      nombre_emplois_aides: nombre,
      nombre_personnels_detaches: nombre,
      nombre_adherents: nombre,
    }),
  )
  .nullable()
  .describe("Du siège, puis de l'établissement demandé : la dernière année d'abord");

export type Etablissement = z.output<typeof etablissementWire>;

/**
 * Of establishments, those that are read: the head office, which speaks for the association, then the one asked
 * about. A federation may have a thousand others.
 */
export function establishmentsRead(all: Etablissement[], siret: string): Etablissement[] {
  const [headOffice, others] = [all.filter(({ siege }) => siege), all.filter(({ siege }) => !siege)];
  return [...headOffice, ...others.filter((one) => one.siret === siret)];
}

/** The same persons often represent several establishments: each is named once. */
export function representativesOf(establishments: Etablissement[]) {
  const all = establishments.flatMap(({ representants_legaux }) => representants_legaux ?? []);
  const named = all.map(({ nom, prenom, fonction }) => ({ nom, prenoms: prenom, fonction }));
  return [...new Map(named.map((one) => [JSON.stringify(one), one])).values()];
}

export function accountsOf({ siret, comptes }: Etablissement) {
  return latestFirst(comptes).map((compte) => ({
    siret,
    annee: compte.annee,
    commissaire_aux_comptes: compte.commisaire_aux_comptes,
    montant_dons_euros: compte.montant_dons,
    montant_subventions_euros: compte.montant_subventions,
    montant_aides_sur_3_ans_euros: compte.montant_aides_sur_3ans,
    total_charges_euros: compte.total_charges,
    total_produits_euros: compte.total_produits,
    resultat_euros: compte.total_resultat,
  }));
}

export function staffOf({ siret, rhs }: Etablissement) {
  return latestFirst(rhs).map(({ nombre_adherents, ...staff }) => ({
    siret,
    ...staff,
    nombre_adherents: nombre_adherents?.total ?? null,
  }));
}

/** The directory promises no order; what is of no year comes last. */
function latestFirst<T extends { annee: string | null }>(years: T[] | null): T[] {
  return (years ?? []).toSorted((a, b) => (b.annee ?? '').localeCompare(a.annee ?? ''));
}
