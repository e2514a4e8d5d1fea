import { z } from 'zod';
import { single } from './envelope.ts';
import { defineSource, HUB_STORAGE } from './source.ts';

const wire = single(z.object({ document_url: z.string().min(1) }));

const donnees = z
  .object({ caisse: z.literal('CNETP'), a_jour: z.literal(true) })
  .meta({ id: 'DonneesCnetpAttestationCongesPayes' });

/**
 * Certificate of the public-works trade's holiday fund. The answer says nothing of its period, and its 404
 * does not say whether the company is unknown or the certificate was not delivered.
 */
export const cnetpAttestationCongesPayes = defineSource({ wire, donnees })({
  id: 'cnetp_attestation_conges_payes',
  administration: 'CNETP',
  libelle: 'Attestation de cotisations congés payés et chômage intempéries',
  perimetre: 'Entreprises de travaux publics cotisant à la CNETP ; hors bâtiment et utilisateurs du TESE.',
  opening: 'protege',
  identifiant: 'siren',
  paths: ({ siren }) => [
    `/v3/cnetp/unites_legales/${siren}/attestation_cotisations_conges_payes_chomage_intemperies`,
  ],
  quota: 'document',
  scopes: [
    'certificat_cnetp',
    'certification_cnetp',
    'attestation_cotisations_conges_payes_chomage_intemperies_cibtp_cnetp',
  ],
  timeoutMs: 15_000,
  maintenance: { from: '06:00', to: '06:30' },
  freshness: { forSeconds: 86_400 },
  document: { hosts: [HUB_STORAGE] },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: { caisse: 'CNETP', a_jour: true },
    link: data.document_url,
  }),
  explications: {
    obtenu: 'La CNETP a délivré l’attestation de cotisations ; son texte dit pour quelle période.',
    non_trouve:
      'La CNETP n’a pas délivré d’attestation et ne dit pas pourquoi : le plus souvent, l’entreprise n’y est pas affiliée. Cela ne dit rien de sa régularité.',
  },
  unify: ({ caisse, a_jour }) => ({ social: { conges_payes: { caisse, a_jour, au: null } } }),
});
