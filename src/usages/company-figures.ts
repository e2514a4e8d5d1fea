import type { Day } from '../dossier/time.ts';
import type { Known } from './usage-definition.ts';

/** A closed exercise; the day says which. */
export interface Exercise {
  date_fin_exercice: Day;
  montant_euros: number;
}

/** Those that are dated, and closed on the day examined, the latest first. */
export function closedExercises({ sections, date }: Known): Exercise[] {
  return (sections.fiscal.chiffres_affaires ?? []).flatMap(({ date_fin_exercice: day, montant_euros }) =>
    day !== null && day <= date ? [{ date_fin_exercice: day, montant_euros }] : [],
  );
}

/** Accounts are filed in the months that follow an exercise: the last one filed closed less than that before. */
const FILED_MONTHS = 18;

export function isRecent(closedOn: Day, { date }: Known): boolean {
  return closedOn > Temporal.PlainDate.from(date).subtract({ months: FILED_MONTHS }).toString();
}

/** The mean headcount of the company over one of the two years before that of the day examined, if known. */
export function headcountOn({ sections, date }: Known): { annee: string; total: number } | null {
  const annual = sections.social.effectif_annuel;
  const age = Number(date.slice(0, 4)) - Number(annual?.annee);
  return annual && (age === 1 || age === 2) ? annual : null;
}

/** `1 234 567 €`, rounded. */
export function euros(amount: number): string {
  return `${grouped(Math.round(amount))} €`;
}

/** By thousands: `1 234 567` */
function grouped(integer: number): string {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** `34,3 personnes`, `7 412,8 personnes` */
export function persons(count: number): string {
  const rounded = Math.round(count * 10) / 10;
  const [whole, tenth] = String(rounded).split('.');
  const figure = grouped(Number(whole)) + (tenth === undefined ? '' : `,${tenth}`);
  return `${figure} personne${rounded >= 2 ? 's' : ''}`;
}
