import { groupeFiscalOf, liassesPaths, liassesSchema, liassesWire, readLiasses } from './dgfip-reading.ts';
import { noYearBeforeThisOne } from './exclusions.ts';
import { defineSource, LARGE_BYTES } from './source.ts';

/**
 * Which tax forms were filed and under which regime: what reveals a tax group (CGI 223 A), in which the
 * mother files for the whole (RNGROUPE) beside her own form (RNMEMBRE). The thousands of boxes of the forms
 * are not read.
 */
export const dgfipLiassesFiscales = defineSource({ wire: liassesWire, donnees: liassesSchema })({
  id: 'dgfip_liasses_fiscales',
  administration: 'DGFiP',
  libelle: 'Liasses fiscales',
  perimetre: 'Entreprises aux régimes réels d’imposition ayant déposé une liasse. Hors régimes micro.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [noYearBeforeThisOne],
  paths: ({ siren, today }) => liassesPaths(siren, today),
  quota: 'json',
  scopes: ['liasse_fiscale', 'liasses_fiscales_dgfip'],
  timeoutMs: 15_000,
  maintenance: { from: '01:00', to: '02:00' },
  maxBytes: LARGE_BYTES,
  freshness: { forSeconds: 86_400 },
  read: readLiasses,
  explications: {
    obtenu: 'La DGFiP a donné le régime d’imposition et la liste des formulaires déposés.',
    non_trouve:
      'La DGFiP ne trouve pas de liasse fiscale des deux dernières années (régime micro, premier exercice, dépôt à venir) : cela ne dit rien de la régularité de l’entreprise.',
  },
  unify: (d) => ({ fiscal: { groupe_fiscal: groupeFiscalOf(d) } }),
});
