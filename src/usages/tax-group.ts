import { isSiren, type Siren } from '../dossier/siret.ts';
import type { Day } from '../dossier/time.ts';
import type { Sections } from '../dossier/unified.ts';

/** CGI, article 223 A: the share of the capital that a mother company holds in its group. */
const GROUP_SHARE_PERCENT = 95;

/** What forms and capital links say of a company; null where nothing is known. */
export interface TaxTraces {
  groupe: Sections['fiscal']['groupe_fiscal'];
  holders: Sections['fiscal']['actionnaires_personnes_morales'];
  /** Whether DGFiP holds neither, of a company that has had to file. */
  hasFiledNothing: boolean;
}

export type Membership = 'none' | 'subsidiary' | 'unknown';

/**
 * A member's returns say so. Without returns, a company whose holders are known, none of them at the legal share,
 * has no mother; one that has had to file and of which DGFiP holds neither returns nor capital links belongs to no
 * group that files any. Links that do not name the holders exclude nothing.
 */
export function membershipOf({ groupe, holders, hasFiledNothing }: TaxTraces): Membership {
  if (groupe) return groupe.membre && groupe.role !== 'mere' ? 'subsidiary' : 'none';
  if (holders !== null) return holders.some(mayHead) ? 'unknown' : 'none';
  return hasFiledNothing ? 'none' : 'unknown';
}

/** Month and day from which the returns of last year are there: they are due on the second working day after 1 May. */
const FILED_FROM = '05-16';

/**
 * Whether the first returns of a company are known by now. A first exercise may run to the end of the year after the
 * one of its creation (CGI, article 37), and is filed in the spring that follows.
 */
export function hasHadToFile(createdOn: Day | null, today: Day): boolean {
  if (createdOn === null) return false;
  const lastFiled = Number(today.slice(0, 4)) - (today.slice(5) >= FILED_FROM ? 1 : 2);
  return Number(createdOn.slice(0, 4)) + 1 <= lastFiled;
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
