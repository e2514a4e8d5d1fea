import { z } from 'zod';
import { single } from './envelope.ts';
import { defineSource, HUB_STORAGE } from './source.ts';

const wire = single(z.object({ document_url: z.string().min(1) }));

const donnees = z
  .object({ caisse: z.literal('CIBTP'), a_jour: z.literal(true), au: z.iso.date() })
  .meta({ id: 'DonneesCibtpAttestationCongesPayes' });

/**
 * Certificate of the building trade's holiday funds. Asked by SIRET, it speaks for the whole legal unit,
 * and attests the day of its issue only. Of its two 404s, one says that contributions are not paid (38422).
 */
export const cibtpAttestationCongesPayes = defineSource({ wire, donnees })({
  id: 'cibtp_attestation_conges_payes',
  administration: 'CIBTP',
  libelle: 'Attestation de cotisations congés payés et chômage intempéries',
  perimetre:
    'Entreprises du bâtiment affiliées à une caisse du réseau CIBTP ; hors outre-mer et affiliés CNETP.',
  opening: 'protege',
  identifiant: 'siret',
  paths: ({ siret }) => [
    `/v3/cibtp/etablissements/${siret}/attestation_cotisations_conges_payes_chomage_intemperies`,
  ],
  quota: 'cibtp',
  scopes: [
    'certificat_cnetp',
    'certification_cnetp',
    'attestation_cotisations_conges_payes_chomage_intemperies_cibtp_cnetp',
  ],
  timeoutMs: 15_000,
  freshness: { untilHour: 0 },
  document: { hosts: [HUB_STORAGE] },
  read: ({ data }, { today }) => ({
    statut: 'obtenu',
    donnees: { caisse: 'CIBTP', a_jour: true, au: today },
    validite: { du: today, au: today },
    link: data.document_url,
  }),
  codes: { 422: 'refuse' },
  explications: {
    obtenu: 'La CIBTP atteste, pour le jour de la réponse, que les cotisations sont payées.',
    refuse: 'La CIBTP connaît l’entreprise et indique qu’elle n’est pas à jour de ses cotisations.',
    non_trouve:
      'La CIBTP ne connaît pas cet établissement : cela ne dit rien de la régularité de l’entreprise.',
  },
  unify: ({ caisse, a_jour, au }) => ({ social: { conges_payes: { caisse, a_jour, au } } }),
});
