import { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import { identiteSchema } from '../dossier/identite.ts';
import { type Day, dayOfUnixSeconds } from '../dossier/time.ts';
import type { Unified } from '../dossier/unified.ts';
import { amount, code, flag, identifier, identifierOrNull, text } from './wire-values.ts';
import { joined, on } from './wording.ts';

const EARLIEST_SECONDS = Date.parse('1000-01-01') / 1000;
const LATEST_SECONDS = Date.parse('9999-12-30') / 1000;
const UNREFERENCED = 'non référencé';

/** A day given as Unix seconds of Paris midnight; null when there is none, or none that a calendar holds. */
export const unixDay = amount.transform((seconds): Day | null => {
  if (seconds === null || seconds < EARLIEST_SECONDS || seconds > LATEST_SECONDS) return null;
  return dayOfUnixSeconds(Math.trunc(seconds));
});

export const diffusionWire = z.enum(['diffusible', 'partiellement_diffusible', 'non_diffusible']);
export type Diffusion = z.infer<typeof diffusionWire>;

/** Without a code, INSEE's « non référencé » says nothing. */
export const activite = z
  .object({ code, libelle: text, nomenclature: text })
  .nullish()
  .transform((value) => (value?.code ? { ...value, libelle: referenced(value.libelle) } : null));

const formeJuridique = z
  .object({ code, libelle: text })
  .nullish()
  .transform((value) => (value?.code ? { code: value.code, libelle: referenced(value.libelle) } : null));

export const trancheEffectif = z
  .object({ code, intitule: text, date_reference: code, de: amount, a: amount })
  .nullish()
  .transform((value) =>
    value && (value.code || value.intitule)
      ? { code: value.code, libelle: value.intitule, de: value.de, a: value.a, annee: value.date_reference }
      : null,
  );

/** A legal unit as INSEE writes it, alone or inside one of its establishments. */
export const uniteLegaleWire = z.object({
  siren: identifier(9),
  rna: text,
  siret_siege_social: identifierOrNull(14),
  type: z.enum(['personne_morale', 'personne_physique']).nullish(),
  personne_morale_attributs: z.object({ raison_sociale: text, sigle: text }).nullish(),
  personne_physique_attributs: z
    .object({ prenom_usuel: text, prenom_1: text, nom_usage: text, nom_naissance: text })
    .nullish(),
  categorie_entreprise: text,
  status_diffusion: diffusionWire,
  forme_juridique: formeJuridique,
  activite_principale: activite,
  activite_principale_naf_rev2: activite,
  tranche_effectif_salarie: trancheEffectif,
  etat_administratif: z.enum(['A', 'C']),
  economie_sociale_et_solidaire: flag,
  date_creation: unixDay,
});
type UniteLegaleWire = z.output<typeof uniteLegaleWire>;

export const uniteLegaleSchema = identiteSchema
  .pick({
    denomination: true,
    sigle: true,
    type: true,
    forme_juridique: true,
    date_creation: true,
    activite_principale: true,
    activite_principale_naf_rev2: true,
    categorie_entreprise: true,
    effectif: true,
    economie_sociale_et_solidaire: true,
    numero_rna: true,
  })
  .extend({
    siren: z.string(),
    etat_administratif: z.enum(['actif', 'cesse']),
    siret_siege: z.string().nullable(),
    diffusion: diffusionWire,
  });
export type UniteLegale = z.infer<typeof uniteLegaleSchema>;

export function uniteLegaleOf(wire: UniteLegaleWire): UniteLegale {
  return {
    siren: wire.siren,
    denomination: denominationOf(wire),
    sigle: wire.personne_morale_attributs?.sigle ?? null,
    type: wire.type ?? null,
    forme_juridique: wire.forme_juridique,
    etat_administratif: wire.etat_administratif === 'A' ? 'actif' : 'cesse',
    date_creation: wire.date_creation,
    activite_principale: wire.activite_principale,
    activite_principale_naf_rev2: wire.activite_principale_naf_rev2,
    categorie_entreprise: wire.categorie_entreprise,
    effectif: wire.tranche_effectif_salarie,
    economie_sociale_et_solidaire: wire.economie_sociale_et_solidaire,
    numero_rna: wire.rna,
    siret_siege: wire.siret_siege_social,
    diffusion: wire.status_diffusion,
  };
}

function denominationOf({ personne_morale_attributs, personne_physique_attributs }: UniteLegaleWire) {
  if (personne_morale_attributs?.raison_sociale) return personne_morale_attributs.raison_sociale;
  const { prenom_usuel, prenom_1, nom_usage, nom_naissance } = personne_physique_attributs ?? {};
  return joined(prenom_usuel ?? prenom_1, nom_usage ?? nom_naissance);
}

/** The unified values that a legal unit gives. */
export function identiteOf({ siren, siret_siege, ...values }: UniteLegale): NonNullable<Unified['identite']> {
  return { ...values, siege: siret_siege === null ? null : { siret: siret_siege } };
}

export function ceased(siren: string, day: Day | null): Alerte {
  return {
    code: 'entreprise_cessee',
    niveau: 'critique',
    message: `Selon l'Insee, l'entreprise ${siren} a cessé son activité${on(day)}.`,
  };
}

/** Names and addresses that their owner keeps from the public may be read by an agent, and shown to nobody else. */
export function restrictedDiffusion(diffusion: Diffusion): Alerte[] {
  if (diffusion === 'diffusible') return [];
  const message =
    "L'entreprise s'oppose à la diffusion de ses données : son nom et son adresse ne doivent pas être montrés au public, ni pré-remplir un formulaire public.";
  return [{ code: 'diffusion_partielle', niveau: 'attention', message }];
}

/**
 * What the public may read of a legal unit whose owner opposes its diffusion: neither the name of a person nor the
 * sigle of a company, as INSEE's own open data shows it.
 */
export function publicUniteLegale(unit: UniteLegale): UniteLegale {
  const isCompany = unit.type === 'personne_morale';
  return { ...unit, sigle: null, denomination: isCompany ? unit.denomination : null };
}

function referenced(libelle: string | null): string | null {
  return libelle?.normalize().toLowerCase() === UNREFERENCED ? null : libelle;
}
