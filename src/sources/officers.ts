/**
 * Those who act for a company, of the officers that a register names; null for none. Auditors check it and plain
 * partners own it: neither can bind it, and a form must not name one as the person who signs.
 */
export function actingOf<T extends { fonction: string | null }>(officers: readonly T[] | null): T[] | null {
  const acting = (officers ?? []).filter(({ fonction }) => !isBeside(fonction ?? ''));
  return acting.length > 0 ? acting : null;
}

function isBeside(fonction: string): boolean {
  const words = fonction.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  if (words.includes('commissaire aux comptes')) return true;
  return words.startsWith('associe') && !words.includes('gerant');
}
