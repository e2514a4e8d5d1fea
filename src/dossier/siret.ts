/** 14 digits naming one establishment: the 9 of its SIREN, then a 5-digit NIC. Always a string: zeros lead. */
export type Siret = string & { readonly __brand: 'Siret' };
/** 9 digits naming one legal unit. Always a string: zeros lead. */
export type Siren = string & { readonly __brand: 'Siren' };

const LA_POSTE = '356000000';

/** Luhn's check: every second digit from the right is doubled, and the sum of all digits divides by ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const weighted = i % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

export function isSiren(value: string): value is Siren {
  return /^[0-9]{9}$/.test(value) && passesLuhn(value);
}

/**
 * Whether `value` is a well-formed SIRET whose SIREN is well formed too: a SIRET can pass its own check
 * around a SIREN that does not, and the sources that take a SIREN would then refuse it.
 * La Poste has more establishments than check digits allow: API Entreprise takes any NIC after its SIREN.
 */
export function isSiret(value: string): value is Siret {
  if (!/^[0-9]{14}$/.test(value)) return false;
  const siren = value.slice(0, 9);
  return siren === LA_POSTE || (isSiren(siren) && passesLuhn(value));
}

export function sirenOf(siret: Siret): Siren {
  return siret.slice(0, 9) as Siren;
}
