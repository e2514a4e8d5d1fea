import { isSiren, type Siren } from '../dossier/siret.ts';
import type { Sections } from '../dossier/unified.ts';

/** CGI, article 223 A: the share of the capital that a mother company holds in its group. */
const GROUP_SHARE_PERCENT = 95;

/** What forms and capital links say of a company, and whether DGFiP answered that it holds none. */
export interface TaxTraces {
  groupe: Sections['fiscal']['groupe_fiscal'];
  holders: Sections['fiscal']['actionnaires_personnes_morales'];
  hasLinks: boolean;
  hasNothingFiled: boolean;
}

export type Membership = 'none' | 'subsidiary' | 'unknown';

/**
 * A member's returns say so. Without returns, a company that nobody holds at the legal share has no mother;
 * one of which DGFiP holds neither returns nor capital links belongs to no group that files any.
 */
export function membershipOf({ groupe, holders, hasLinks, hasNothingFiled }: TaxTraces): Membership {
  if (groupe) return groupe.membre && groupe.role !== 'mere' ? 'subsidiary' : 'none';
  if (hasLinks) return (holders ?? []).some(mayHead) ? 'unknown' : 'none';
  return hasNothingFiled ? 'none' : 'unknown';
}

/**
 * The only company that holds the legal share, as declared: declared numbers may be false, or the company's own.
 * Whether it heads the group, or is held by the one that does, only its own returns say.
 */
export function motherOf({ holders }: Pick<TaxTraces, 'holders'>, siren: Siren): Siren | null {
  const [mother, ...others] = (holders ?? []).filter(
    ({ pourcentage }) => pourcentage !== null && pourcentage >= GROUP_SHARE_PERCENT,
  );
  const number = mother?.siren ?? '';
  return others.length === 0 && isSiren(number) && !/^0+$/.test(number) && number !== siren ? number : null;
}

function mayHead({ pourcentage }: { pourcentage: number | null }): boolean {
  return (pourcentage ?? 100) >= GROUP_SHARE_PERCENT;
}
