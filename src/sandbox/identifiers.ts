import { passesLuhn } from '../dossier/siret.ts';

const LA_POSTE = '356000000';

/**
 * The checks of the hub, looser than those of a careful client: it never looks at the SIREN inside a SIRET,
 * and takes any NIC after the SIREN of La Poste. Only zeros pass too.
 */
export function passesSirenCheck(value: string): boolean {
  return /^[0-9]{9}$/.test(value) && passesLuhn(value);
}

export function passesSiretCheck(value: string): boolean {
  return /^[0-9]{14}$/.test(value) && (value.startsWith(LA_POSTE) || passesLuhn(value));
}

/** `W` numbers, and the older ones of prefectures. */
export function passesRnaCheck(value: string): boolean {
  return /^W[0-9][0-9A-Z][0-9]{7}$/.test(value) || /^0[0-9A-Z]{3}00[0-9A-Z]{4}$/.test(value);
}

/** A SIRET, alone or after FR, or any number of another country. */
export function passesEoriCheck(value: string): boolean {
  if (value.startsWith('FR')) return passesSiretCheck(value.slice(2));
  return passesSiretCheck(value) || /^[A-Z]{2}./.test(value);
}
