import { attestationSchema, attestationWire, readAttestation } from './dgfip-reading.ts';
import { noCertificateInFirstYear, partnership } from './exclusions.ts';
import { defineSource, HUB_STORAGE } from './source.ts';

/**
 * Certificate of fiscal regularity: VAT and corporate tax only, as of the end of the month before
 * (BOI-DJC-ARF). It names no end of validity. Its 404 says nothing: one code covers a refusal, a company
 * out of perimeter and an unknown one. In a tax group the mother owes the tax, so a subsidiary's
 * certificate does not suffice.
 */
export const dgfipAttestationFiscale = defineSource({ wire: attestationWire, donnees: attestationSchema })({
  id: 'dgfip_attestation_fiscale',
  administration: 'DGFiP',
  libelle: 'Attestation fiscale',
  perimetre:
    'Entreprises soumises à la TVA et à l’impôt sur les sociétés, associations soumises à cet impôt. Hors impôt sur le revenu, entreprises créées dans l’année, plan de règlement ou sauvegarde.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [noCertificateInFirstYear, partnership],
  paths: ({ siren }) => [`/v4/dgfip/unites_legales/${siren}/attestation_fiscale`],
  quota: 'attestation_fiscale',
  scopes: ['attestations_fiscales', 'attestation_fiscale_dgfip'],
  timeoutMs: 20_000,
  maintenance: { from: '01:00', to: '02:00' },
  freshness: { untilHour: 8 },
  document: { hosts: [HUB_STORAGE] },
  read: readAttestation,
  explications: {
    obtenu:
      'La DGFiP a délivré l’attestation, pour la TVA et l’impôt sur les sociétés, selon la situation à la fin du mois précédent. Une filiale d’un groupe fiscal intégré doit y joindre celle de sa société mère.',
    non_trouve:
      'La DGFiP n’a pas délivré d’attestation et ne dit pas pourquoi : entreprise inconnue, imposée à l’impôt sur le revenu, créée dans l’année, sous plan de règlement ou en sauvegarde, ou attestation non délivrable. Cela ne permet aucune conclusion : l’entreprise peut la demander à son service des impôts par le formulaire n° 3666.',
  },
  unify: (d) => ({
    fiscal: {
      regularite: { attestation_delivree_le: d.date_delivrance, situation_au: d.date_periode_analysee },
    },
  }),
});
