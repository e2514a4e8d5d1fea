import type { Alerte } from '../dossier/alerte.ts';
import { associationOf, associationSchema, associationWire } from './djepva-reading.ts';
import { notAnAssociation } from './exclusions.ts';
import { defineSource, LARGE_BYTES } from './source.ts';
import { inFrench } from './wording.ts';

/**
 * An association as its directory knows it: what an instructor of a subsidy needs of it, and of the persons who
 * lead it no more than their name and role. A federation may have a thousand establishments: only the head
 * office and the one asked about are read.
 */
export const djepvaAssociation = defineSource({ wire: associationWire, donnees: associationSchema })({
  id: 'djepva_association',
  administration: 'DJEPVA',
  libelle: 'Annuaire des associations',
  perimetre:
    "Associations loi 1901 ou d'Alsace-Moselle qui ont un SIREN ; les autres ne sont connues que par leur numéro RNA.",
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [notAnAssociation],
  paths: ({ siren }) => [`/v4/djepva/api-association/associations/${siren}`],
  quota: 'json',
  scopes: ['associations_donnees_protegees', 'associations_djepva'],
  timeoutMs: 15_000,
  maxBytes: LARGE_BYTES,
  freshness: { forSeconds: 86_400 },
  absentSeconds: 86_400,
  read: ({ data, meta }, { siret }) => ({
    statut: 'obtenu',
    about: data.siren,
    donnees: associationOf(data, meta, siret),
  }),
  explications: {
    obtenu: "L'annuaire des associations connaît cette association ; voir les alertes, s'il y en a.",
    non_trouve:
      "L'annuaire ne connaît pas d'association sous ce SIREN : une entreprise n'en est pas une, et une association peut n'y être connue que par son numéro RNA.",
  },
  unify: (d) => ({
    identite: {
      denomination: d.denomination,
      sigle: d.sigle,
      forme_juridique: d.forme_juridique,
      date_creation: d.date_creation,
      siege: d.siret_siege === null ? null : { siret: d.siret_siege },
      economie_sociale_et_solidaire: d.economie_sociale_et_solidaire,
      numero_rna: d.numero_rna,
      association: {
        regime: d.regime,
        reconnue_utilite_publique: d.reconnue_utilite_publique,
        objet: d.objet,
        date_dissolution: d.date_dissolution,
      },
      dirigeants: d.representants?.length
        ? d.representants.map((representant) => ({
            type: 'personne_physique' as const,
            ...representant,
            denomination: null,
            siren: null,
          }))
        : null,
    },
  }),
  alertes: (d) => endOf(d.active, d.date_dissolution),
});

function endOf(active: boolean | null, dissolvedOn: string | null): Alerte[] {
  if (dissolvedOn !== null) {
    const message = `L'association est dissoute, à la date du ${inFrench(dissolvedOn)}, selon l'annuaire des associations.`;
    return [{ code: 'dissolution', niveau: 'critique', message }];
  }
  if (active !== false) return [];
  const message = "L'annuaire des associations indique que l'association n'est plus active.";
  return [{ code: 'association_inactive', niveau: 'attention', message }];
}
