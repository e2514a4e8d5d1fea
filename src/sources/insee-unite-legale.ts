import { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import { singleWithMeta } from './envelope.ts';
import {
  ceased,
  identiteOf,
  publicUniteLegale,
  restrictedDiffusion,
  uniteLegaleOf,
  uniteLegaleSchema,
  uniteLegaleWire,
  unixDay,
} from './insee-reading.ts';
import { defineSource } from './source.ts';
import { identifierOrNull } from './wire-values.ts';

const wire = singleWithMeta(
  uniteLegaleWire.extend({ date_cessation: unixDay }),
  z.object({ date_derniere_mise_a_jour: unixDay, redirect_from_siren: identifierOrNull(9) }).nullish(),
);

const donnees = uniteLegaleSchema
  .extend({
    redirige_depuis: z
      .string()
      .nullable()
      .describe("SIREN demandé, quand l'Insee décrit une autre entreprise à sa place"),
    date_cessation: z.iso.date().nullable(),
    mis_a_jour_le: z.iso.date().nullable(),
  })
  .meta({ id: 'DonneesInseeUniteLegale' });

/** A company as Sirene knows it; it alone says when a company ceased. A redirection is about another company. */
export const inseeUniteLegale = defineSource({ wire, donnees })({
  id: 'insee_unite_legale',
  administration: 'Insee',
  libelle: "Données d'une entreprise au répertoire Sirene",
  perimetre: 'Toutes les unités légales inscrites au Sirene : entreprises, associations, organismes publics.',
  opening: 'protege',
  identifiant: 'siren',
  paths: ({ siren }) => [`/v4/insee/sirene/unites_legales/${siren}`],
  quota: 'json',
  scopes: ['entreprises', 'unites_legales_etablissements_insee'],
  timeoutMs: 7_000,
  // Sirene is renewed between midnight and 3, and the hub keeps an answer for an hour.
  freshness: { untilHour: 4 },
  read: ({ data, meta }, { siren }) => {
    const redirected = data.siren !== siren && Boolean(meta?.redirect_from_siren);
    return {
      statut: 'obtenu',
      about: redirected ? null : data.siren,
      donnees: {
        ...uniteLegaleOf(data),
        redirige_depuis: redirected ? siren : null,
        date_cessation: data.date_cessation,
        mis_a_jour_le: meta?.date_derniere_mise_a_jour ?? null,
      },
    };
  },
  explications: {
    obtenu: "L'Insee a décrit l'entreprise au répertoire Sirene ; voir les alertes, s'il y en a.",
    non_trouve: "L'Insee ne connaît pas ce SIREN : vérifiez qu'il n'est pas erroné.",
    non_autorise:
      "L'Insee n'a pas pu être consulté : les droits ne le permettent pas, ou la loi interdit la diffusion de cette entreprise.",
  },
  publicPart: (d) => {
    if (d.diffusion === 'non_diffusible') return { diffusion: d.diffusion, donnees: null };
    const donnees = d.diffusion === 'diffusible' ? d : { ...d, ...publicUniteLegale(d) };
    return { diffusion: d.diffusion, donnees };
  },
  unify: ({ redirige_depuis, date_cessation, mis_a_jour_le, ...company }) =>
    redirige_depuis === null ? { identite: { ...identiteOf(company), date_cessation } } : {},
  alertes: (d) => {
    if (d.redirige_depuis !== null) return [redirected(d.redirige_depuis, d)];
    return [
      ...(d.etat_administratif === 'cesse' ? [ceased(d.siren, d.date_cessation)] : []),
      ...restrictedDiffusion(d.diffusion),
    ];
  },
});

function redirected(asked: string, answered: { siren: string; siret_siege: string | null }): Alerte {
  const headOffice = answered.siret_siege === null ? '' : ` (siège : ${answered.siret_siege})`;
  return {
    code: 'siret_redirige',
    niveau: 'critique',
    message: `L'Insee répond par le SIREN ${answered.siren}${headOffice} à la place du ${asked} : l'entreprise demandée n'est pas décrite.`,
  };
}
