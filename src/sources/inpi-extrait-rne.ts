import type { Alerte } from '../dossier/alerte.ts';
import { association, publicBody } from './exclusions.ts';
import { rneOf, rneSchema, rneWire } from './inpi-reading.ts';
import { restrictedDiffusion } from './insee-reading.ts';
import { actingOf } from './officers.ts';
import { notesToCheck } from './registry-observations.ts';
import { defineSource, HUB_STORAGE, LARGE_BYTES } from './source.ts';
import { inFrench } from './wording.ts';

/**
 * Extract of the national register of companies, which took over trade, craft and farm registers. It lists up
 * to hundreds of establishments: they are counted, and only the one asked about is kept.
 */
export const inpiExtraitRne = defineSource({ wire: rneWire, donnees: rneSchema })({
  id: 'inpi_extrait_rne',
  administration: 'INPI',
  libelle: 'Extrait du registre national des entreprises',
  perimetre:
    'Entreprises commerciales, artisanales, agricoles et libérales ; hors associations, Nouvelle-Calédonie, Polynésie française et Wallis-et-Futuna.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [association, publicBody],
  paths: ({ siren }) => [`/v3/inpi/rne/unites_legales/${siren}/extrait_rne`],
  quota: 'extrait_rne',
  scopes: ['unites_legales_etablissements_insee'],
  timeoutMs: 20_000,
  maxBytes: LARGE_BYTES,
  freshness: { untilHour: 3 },
  document: { hosts: ['entreprise.api.gouv.fr', HUB_STORAGE], detour: { quota: 'document' } },
  read: ({ data }, { siret }) => ({
    statut: 'obtenu',
    about: data.identite_entreprise.siren,
    donnees: rneOf(data, siret),
    link: data.document_url,
  }),
  explications: {
    obtenu: "L'entreprise est inscrite au registre national des entreprises ; voir les alertes, s'il y en a.",
    non_trouve:
      "L'entreprise n'est pas inscrite au registre national des entreprises : c'est normal pour une association ou un organisme public.",
  },
  unify: (d) => ({
    identite: {
      denomination: d.denomination,
      type: d.type,
      forme_juridique: d.forme_juridique,
      activite_principale: d.activite_principale && { ...d.activite_principale, nomenclature: null },
      siege: d.siret_siege === null ? null : { siret: d.siret_siege },
      diffusion: d.diffusion_totale === false ? 'partiellement_diffusible' : null,
      immatriculation_rne: { nature: d.nature, date_immatriculation: d.date_immatriculation },
      capital: d.capital,
      objet_social: d.objet_social,
      dirigeants: actingOf(d.dirigeants_et_associes),
    },
  }),
  alertes: (d) => [
    ...(d.dissolution === null ? [] : [dissolved(d.dissolution)]),
    ...notesToCheck(d.observations ?? [], 'registre national des entreprises'),
    ...(d.diffusion_totale === false ? restrictedDiffusion('partiellement_diffusible') : []),
  ],
});

function dissolved({
  date,
  poursuite_activite,
}: {
  date: string;
  poursuite_activite: boolean | null;
}): Alerte {
  const continued = poursuite_activite ? ", avec poursuite de l'activité" : '';
  return {
    code: 'dissolution',
    niveau: 'critique',
    message: `Dissolution inscrite au registre national des entreprises, à la date du ${inFrench(date)}${continued}.`,
  };
}
