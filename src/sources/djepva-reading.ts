import { z } from 'zod';
import { adresseSchema, codeLibelleSchema } from '../dossier/identite.ts';
import { singleWithMeta } from './envelope.ts';
import { amount, code, codeLibelle, day, flag, identifierOrNull, list, text } from './wire-values.ts';
import { joined } from './wording.ts';

const adresse = z
  .object({
    complement: text,
    numero_voie: code,
    type_voie: text,
    libelle_voie: text,
    distribution: text,
    code_insee: code,
    code_postal: code,
    commune: text,
  })
  .nullish();

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
  nombre_adherents: z.object({ total: amount }).nullish(),
});

const etablissement = z.object({
  siret: identifierOrNull(14),
  siege: flag,
  comptes: list(compte),
  rhs: list(moyens),
  representants_legaux: list(z.object({ nom: text, prenom: text, fonction: text })),
});

export const associationWire = singleWithMeta(
  z.object({
    rna: text,
    siren: identifierOrNull(9),
    nom: text,
    sigle: text,
    active: flag,
    reconnue_utilite_publique: flag,
    siret_siege: identifierOrNull(14),
    forme_juridique: codeLibelle,
    regime: text,
    groupement: text,
    impots_commerciaux: flag,
    date_creation: day,
    date_dissolution: day,
    date_publication_journal_officiel: day,
    date_publication_reconnue_utilite_publique: day,
    adresse_siege: adresse,
    alsace_moselle: z.object({ tribunal_instance: text, volume: code, folio: code }).nullish(),
    agrements: list(
      z.object({ numero: code, date_attribution: day, type: text, niveau: text, attributeur: text }),
    ),
    activites: z
      .object({
        objet: text,
        objet_social1: codeLibelle,
        champ_action_territorial: text,
        economie_sociale_et_solidaire: flag,
      })
      .nullish(),
    etablissements: list(etablissement),
  }),
  z.object({ date_derniere_mise_a_jour_sirene: day, date_derniere_mise_a_jour_rna: day }).nullish(),
);

const texte = z.string().nullable();
const jour = z.iso.date().nullable();
const nombre = z.number().nullable();
const vraiFaux = z.boolean().nullable();

export const associationSchema = z
  .object({
    numero_rna: texte,
    siren: texte,
    siret_siege: texte,
    denomination: texte,
    sigle: texte,
    active: vraiFaux.describe('Inscrite et non dissoute, au RNA ou au Sirene selon son régime'),
    regime: texte,
    groupement: texte,
    forme_juridique: codeLibelleSchema.nullable(),
    reconnue_utilite_publique: vraiFaux,
    date_reconnaissance_utilite_publique: jour,
    impots_commerciaux: vraiFaux,
    date_creation: jour,
    date_dissolution: jour,
    date_publication_journal_officiel: jour,
    inscription_alsace_moselle: z.object({ tribunal: texte, volume: texte, folio: texte }).nullable(),
    adresse_siege: adresseSchema.nullable(),
    objet: texte,
    objet_social: codeLibelleSchema.nullable(),
    champ_action_territorial: texte,
    economie_sociale_et_solidaire: vraiFaux,
    agrements: z
      .array(
        z.object({ numero: texte, type: texte, niveau: texte, attributeur: texte, date_attribution: jour }),
      )
      .nullable(),
    representants: z
      .array(z.object({ nom: texte, prenoms: texte, fonction: texte }))
      .nullable()
      .describe("Représentants légaux du siège ou de l'établissement demandé"),
    comptes: z
      .array(
        z.object({
          siret: texte,
          annee: texte,
          commissaire_aux_comptes: vraiFaux,
          montant_dons_euros: nombre,
          montant_subventions_euros: nombre,
          montant_aides_sur_3_ans_euros: nombre,
          total_charges_euros: nombre,
          total_produits_euros: nombre,
          resultat_euros: nombre,
        }),
      )
      .nullable()
      .describe("Comptes déclarés par le siège et par l'établissement demandé"),
    moyens_humains: z
      .array(
        z.object({
          siret: texte,
          annee: texte,
          nombre_benevoles: nombre,
          nombre_volontaires: nombre,
          nombre_salaries: nombre,
          nombre_salaries_etpt: nombre.describe('Équivalents temps plein travaillé'),
          nombre_adherents: nombre,
        }),
      )
      .nullable(),
    mis_a_jour_rna_le: jour,
    mis_a_jour_sirene_le: jour,
  })
  .meta({ id: 'DonneesDjepvaAssociation' });

type Wire = z.output<typeof associationWire>;

/** @param siret establishment asked about: of the others, only the head office is read */
export function associationOf(
  data: Wire['data'],
  meta: Wire['meta'],
  siret: string,
): z.infer<typeof associationSchema> {
  const establishments = data.etablissements?.filter((one) => one.siege || one.siret === siret) ?? null;
  return {
    numero_rna: data.rna,
    siren: data.siren,
    siret_siege: data.siret_siege,
    denomination: data.nom,
    sigle: data.sigle,
    active: data.active,
    regime: data.regime,
    groupement: data.groupement,
    forme_juridique: data.forme_juridique,
    reconnue_utilite_publique: data.reconnue_utilite_publique,
    date_reconnaissance_utilite_publique: data.date_publication_reconnue_utilite_publique,
    impots_commerciaux: data.impots_commerciaux,
    date_creation: data.date_creation,
    date_dissolution: data.date_dissolution,
    date_publication_journal_officiel: data.date_publication_journal_officiel,
    inscription_alsace_moselle: registrationOf(data.alsace_moselle),
    adresse_siege: addressOf(data.adresse_siege),
    objet: data.activites?.objet ?? null,
    objet_social: data.activites?.objet_social1 ?? null,
    champ_action_territorial: data.activites?.champ_action_territorial ?? null,
    economie_sociale_et_solidaire: data.activites?.economie_sociale_et_solidaire ?? null,
    agrements: data.agrements,
    representants: establishments && representativesOf(establishments),
    comptes: establishments?.flatMap(accountsOf) ?? null,
    moyens_humains: establishments?.flatMap(staffOf) ?? null,
    mis_a_jour_rna_le: meta?.date_derniere_mise_a_jour_rna ?? null,
    mis_a_jour_sirene_le: meta?.date_derniere_mise_a_jour_sirene ?? null,
  };
}

type Establishment = z.output<typeof etablissement>;

/** The same persons often represent several establishments: each is named once. */
function representativesOf(establishments: Establishment[]) {
  const all = establishments.flatMap(({ representants_legaux }) => representants_legaux ?? []);
  const named = all.map(({ nom, prenom, fonction }) => ({ nom, prenoms: prenom, fonction }));
  return [...new Map(named.map((one) => [JSON.stringify(one), one])).values()];
}

function accountsOf({ siret, comptes }: Establishment) {
  return (comptes ?? []).map((compte) => ({
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

function staffOf({ siret, rhs }: Establishment) {
  return (rhs ?? []).map(({ nombre_adherents, ...staff }) => ({
    siret,
    ...staff,
    nombre_adherents: nombre_adherents?.total ?? null,
  }));
}

function registrationOf(
  wire: { tribunal_instance: string | null; volume: string | null; folio: string | null } | null | undefined,
) {
  if (!wire?.tribunal_instance && !wire?.volume && !wire?.folio) return null;
  return { tribunal: wire.tribunal_instance, volume: wire.volume, folio: wire.folio };
}

function addressOf(wire: z.output<typeof adresse>): z.infer<typeof adresseSchema> | null {
  if (!wire) return null;
  const voie = joined(wire.type_voie, wire.libelle_voie);
  const complement = joined(wire.complement, wire.distribution);
  const street = joined(wire.numero_voie, voie);
  const city = joined(wire.code_postal, wire.commune);
  const lignes = [wire.complement, street, wire.distribution, city].filter((line) => line !== null);
  if (lignes.length === 0) return null;
  const { numero_voie, code_postal, commune, code_insee } = wire;
  return {
    lignes,
    numero_voie,
    voie,
    complement,
    code_postal,
    commune,
    code_commune: code_insee,
    pays: null,
  };
}
