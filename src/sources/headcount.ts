/** Sum of the regimes in which there is staff, to the hundredth that the source gives; null when in none. */
export function totalOf(effectifs: (number | null)[]): number | null {
  const known = effectifs.filter((effectif) => effectif !== null);
  return known.length > 0 ? Math.round(known.reduce((sum, one) => sum + one, 0) * 100) / 100 : null;
}
