import { z } from 'zod';
import { adresseSchema, codeLibelleSchema } from '../dossier/identite.ts';
import { associationAddressOf, associationAddressWire } from './djepva-address.ts';
import {
  accountsOf,
  comptesSchema,
  establishmentsRead,
  etablissementWire,
  moyensHumainsSchema,
  representantsSchema,
  representativesOf,
  staffOf,
} from './djepva-establishments.ts';
import { organisationsOf, organisationsSchema, organisationsWire } from './djepva-network.ts';
import { singleWithMeta } from './envelope.ts';
import { code, codeLibelle, day, flag, identifierOrNull, list, text } from './wire-values.ts';

const registration = z
  .object({
    tribunal_instance: text,
    volume: code,
    folio: code,
    date_publication_registre_association: day,
  })
  .nullish();

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
    adresse_siege: associationAddressWire,
    adresse_gestion: associationAddressWire,
    alsace_moselle: registration,
    composition_reseau: organisationsWire,
    reseaux_affiliation: organisationsWire,
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
    etablissements: list(etablissementWire),
  }),
  z.object({ date_derniere_mise_a_jour_sirene: day, date_derniere_mise_a_jour_rna: day }).nullish(),
);

const texte = z.string().nullable();
const jour = z.iso.date().nullable();
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
    inscription_alsace_moselle: z
      .object({ tribunal: texte, volume: texte, folio: texte, date_publication: jour })
      .nullable(),
    adresse_siege: adresseSchema.nullable(),
    adresse_gestion: adresseSchema.nullable().describe('Quand elle diffère de celle du siège'),
    objet: texte,
    objet_social: codeLibelleSchema.nullable(),
    champ_action_territorial: texte,
    economie_sociale_et_solidaire: vraiFaux,
    reseaux_affiliation: organisationsSchema.describe('Réseaux, unions ou fédérations dont elle est membre'),
    composition_reseau: organisationsSchema.describe('Ses membres, quand elle est elle-même un réseau'),
    agrements: z
      .array(
        z.object({ numero: texte, type: texte, niveau: texte, attributeur: texte, date_attribution: jour }),
      )
      .nullable(),
    representants: representantsSchema,
    comptes: comptesSchema,
    moyens_humains: moyensHumainsSchema,
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
  const establishments = data.etablissements && establishmentsRead(data.etablissements, siret);
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
    adresse_siege: associationAddressOf(data.adresse_siege),
    adresse_gestion: officeOf(data),
    objet: data.activites?.objet ?? null,
    objet_social: data.activites?.objet_social1 ?? null,
    champ_action_territorial: data.activites?.champ_action_territorial ?? null,
    economie_sociale_et_solidaire: data.activites?.economie_sociale_et_solidaire ?? null,
    reseaux_affiliation: organisationsOf(data.reseaux_affiliation),
    composition_reseau: organisationsOf(data.composition_reseau),
    agrements: data.agrements,
    representants: establishments && representativesOf(establishments),
    comptes: establishments?.flatMap(accountsOf) ?? null,
    moyens_humains: establishments?.flatMap(staffOf) ?? null,
    mis_a_jour_rna_le: meta?.date_derniere_mise_a_jour_rna ?? null,
    mis_a_jour_sirene_le: meta?.date_derniere_mise_a_jour_sirene ?? null,
  };
}

/** Where its offices are: the directory repeats the address of the head office for those that are there. */
function officeOf({ adresse_siege, adresse_gestion }: Wire['data']): z.infer<typeof adresseSchema> | null {
  const [headOffice, office] = [associationAddressOf(adresse_siege), associationAddressOf(adresse_gestion)];
  return `${office?.lignes}` === `${headOffice?.lignes}` ? null : office;
}

function registrationOf(wire: z.output<typeof registration>) {
  if (!wire?.tribunal_instance && !wire?.volume && !wire?.folio) return null;
  const { tribunal_instance: tribunal, volume, folio, date_publication_registre_association } = wire;
  return { tribunal, volume, folio, date_publication: date_publication_registre_association };
}
