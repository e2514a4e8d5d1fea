import { z } from 'zod';
import { single } from './envelope.ts';
import { association, overseas } from './exclusions.ts';
import { defineSource, HUB_STORAGE } from './source.ts';

const wire = single(z.object({ document_url: z.string().min(1) }));

const donnees = z
  .object({ caisse: z.literal('ProBTP'), attestation_delivree: z.literal(true) })
  .meta({ id: 'DonneesProbtpAttestationCotisationsRetraite' });

/**
 * ProBTP's certificate as a document. Only its text says what it attests and until when: whether
 * contributions are paid is read in `probtp_conformite_cotisations_retraite`.
 */
export const probtpAttestationCotisationsRetraite = defineSource({ wire, donnees })({
  id: 'probtp_attestation_cotisations_retraite',
  administration: 'ProBTP',
  libelle: 'Attestation de cotisations de retraite complémentaire',
  perimetre:
    'Entreprises du bâtiment, des travaux publics et activités connexes affiliées à ProBTP ; hors outre-mer et associations.',
  opening: 'protege',
  identifiant: 'siret',
  exclusions: [association, overseas],
  paths: ({ siret }) => [`/v3/probtp/etablissements/${siret}/attestation_cotisations_retraite`],
  quota: 'document',
  scopes: ['probtp', 'cotisations_probtp'],
  timeoutMs: 15_000,
  freshness: { untilHour: 0 },
  document: { hosts: [HUB_STORAGE] },
  // A situation as of the call: on another day it proves nothing.
  revalidateSeconds: 0,
  staleSeconds: 0,
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: { caisse: 'ProBTP', attestation_delivree: true },
    link: data.document_url,
  }),
  explications: {
    obtenu: 'ProBTP a délivré une attestation ; son texte dit ce qu’elle atteste et pour quelle période.',
    non_trouve:
      'ProBTP n’a pas d’attestation pour cet établissement, qui peut ne pas y être affilié : cela ne dit rien de la régularité de l’entreprise.',
  },
});
