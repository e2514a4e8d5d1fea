import { USAGES, type Usage } from '../dossier/usage.ts';
import { aidePublique } from './aide-publique.ts';
import { marchePublic } from './marche-public.ts';
import { socle } from './socle.ts';
import { subventionAssociation } from './subvention-association.ts';
import type { UsageDefinition } from './usage-definition.ts';

export const usages: Readonly<Record<Usage, UsageDefinition>> = {
  marche_public: marchePublic,
  aide_publique: aidePublique,
  subvention_association: subventionAssociation,
  socle,
};

/** How long documents can be read again, by usage. */
export const documentsDays = Object.fromEntries(
  USAGES.map((usage) => [usage, usages[usage].documentsDays]),
) as Record<Usage, number>;
