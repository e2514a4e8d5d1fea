import { examine } from './examine.ts';
import { marchePublic } from './marche-public.ts';
import { regulariteFiscale } from './regularite-fiscale.ts';
import { regulariteSociale } from './regularite-sociale.ts';
import type { UsageDefinition } from './usage-definition.ts';

/**
 * Public aid to companies: CRPA, article L114-8, beside the legal basis of each aid; BOI-DJC-ARF §70 for the
 * tax certificate; code de commerce, article L232-25, for whole accounts. May ask what a buyer may.
 */
export const aidePublique: UsageDefinition = {
  id: 'aide_publique',
  libelle: 'Aides publiques',
  sources: marchePublic.sources,
  examine: (known) => examine(REQUIREMENTS, known),
};

const REQUIREMENTS = [
  { exigence: 'regularite_fiscale', base_legale: 'CRPA L114-8 ; BOI-DJC-ARF §70', judge: regulariteFiscale },
  { exigence: 'regularite_sociale', base_legale: 'CRPA L114-8 ; CSS L243-15', judge: regulariteSociale },
];
