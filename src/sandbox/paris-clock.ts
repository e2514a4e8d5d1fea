/** An instant (epoch milliseconds) as a clock on a wall in Paris shows it: every hour of API Entreprise is one. */
export function inParis(nowMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO('Europe/Paris');
}

/** `YYYY-MM-DD` in Paris. */
export function parisDay(nowMs: number): string {
  return inParis(nowMs).toPlainDate().toString();
}
