const PARIS = 'Europe/Paris';

/** The day `days` after `today`, `YYYY-MM-DD`. */
export function dayAfter(today: string, days: number): string {
  return Temporal.PlainDate.from(today).add({ days }).toString();
}

/** Unix seconds of Paris midnight, as INSEE writes a day: negative before 1970, 23 or 22 h UTC of the eve. */
export function unixOf(day: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(PARIS).epochMilliseconds / 1000;
}

/** The last day of the month `months` after the month of `day`. */
export function endOfMonth(day: string, months: number): string {
  const first = Temporal.PlainDate.from(`${day.slice(0, 7)}-01`);
  return first
    .add({ months: months + 1 })
    .subtract({ days: 1 })
    .toString();
}

/**
 * End of validity of an attestation de vigilance, which is written nowhere on it: API Entreprise takes the
 * end of the month that comes six months after the day the situation was analysed.
 */
export function endOfVigilance(analysedOn: string): string {
  return endOfMonth(analysedOn, 6);
}

/**
 * The last year whose accounts the tax administration holds: returns are due on the second working day after
 * 1 May and shown some days later, so before 15 May it is the year before last.
 */
export function lastFiledYear(today: string): number {
  return Number(today.slice(0, 4)) - (today.slice(5) < '05-15' ? 2 : 1);
}
