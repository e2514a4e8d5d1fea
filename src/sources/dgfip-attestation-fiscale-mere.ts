import { attestationSchema, attestationWire, readAttestation } from './dgfip-reading.ts';
import { defineSource, HUB_STORAGE } from './source.ts';

/**
 * The certificate of the company that heads the tax group (CGI, article 223 A): a subsidiary's own does not
 * suffice. Asked once the group is known, on the same scarce quota as the other.
 */
export const dgfipAttestationFiscaleMere = defineSource({
  wire: attestationWire,
  donnees: attestationSchema,
})({
  id: 'dgfip_attestation_fiscale_mere',
  administration: 'DGFiP',
  libelle: 'Attestation fiscale de la société mère',
  perimetre:
    'Société mère d’une entreprise membre d’un groupe fiscal intégré, quand les liens capitalistiques la nomment.',
  opening: 'protege',
  identifiant: 'siren',
  paths: ({ mere }) => [`/v4/dgfip/unites_legales/${mere}/attestation_fiscale`],
  quota: 'attestation_fiscale',
  scopes: ['attestations_fiscales', 'attestation_fiscale_dgfip'],
  timeoutMs: 20_000,
  maintenance: { from: '01:00', to: '02:00' },
  freshness: { untilHour: 8 },
  document: { hosts: [HUB_STORAGE] },
  read: readAttestation,
  explications: {
    obtenu:
      'La DGFiP a délivré l’attestation de la société mère du groupe, selon la situation à la fin du mois précédent.',
    non_trouve:
      'La DGFiP n’a pas délivré d’attestation à la société mère et ne dit pas pourquoi : cela ne permet aucune conclusion.',
    non_demande:
      'L’entreprise n’est pas filiale d’un groupe fiscal intégré dont la société mère soit connue ; cette source n’a pas été interrogée.',
  },
});
