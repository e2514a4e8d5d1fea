import type { SourceId } from '../../../src/sources/catalog.ts';

/** Sources asked about a company itself; the others are asked about the one that holds it. */
export type AskedId = Exclude<SourceId, `${string}_mere`>;

/** Of whom an answer speaks, and on which day. */
export interface Company {
  siret: string;
  siren: string;
  today: string;
}

/** 5 March 1901 in Paris, nine minutes and 21 seconds ahead of Greenwich then. */
export const MARCH_1901 = -2_172_010_161;
/** 14 July 1955 in Paris, an hour ahead all year round then. */
export const JULY_1955 = -456_627_600;
/** 1 May 2026 in Paris, two hours ahead in summer. */
export const MAY_2026 = 1_777_586_400;

export const single = (data: unknown, meta: object = {}, links: object = {}) => ({ data, links, meta });

/** API Entreprise puts an envelope around each item of a collection, and one around them all. */
export const collection = (items: unknown[], meta: object = {}) => ({
  data: items.map((data) => ({ data, links: {}, meta: {} })),
  meta,
  links: {},
});

export const file = (name: string) =>
  `https://storage.entreprise.api.gouv.fr/siade/1747000000-a1b2c3-${name}`;

export function vatNumberOf(siren: string): string {
  return `FR${String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0')}${siren}`;
}

/** The day so many months before, as a year and a month. */
export function monthBefore(today: string, months: number): { annee: string; mois: string } {
  const [annee = '', mois = ''] = Temporal.PlainYearMonth.from(today)
    .subtract({ months })
    .toString()
    .split('-');
  return { annee, mois };
}

/** Urssaf's certificate begins on a day and ends with the month, six months later. */
export function vigilanceOf(today: string): { du: string; au: string } {
  const du = Temporal.PlainDate.from(today).subtract({ days: 12 });
  const month = du.add({ months: 6 });
  return { du: du.toString(), au: month.with({ day: month.daysInMonth }).toString() };
}
