import { passesLuhn } from '../src/dossier/siret.ts';

const RECIPIENT = '13002526500013';

/** The SIRET of a company number, any from 0 to 9,999,999: valid, and never the same twice. */
export function siretOf(company: number): string {
  return withKey(`${withKey(String(41_000_000 + company))}0001`);
}

function withKey(digits: string): string {
  return digits + [...'0123456789'].find((key) => passesLuhn(digits + key));
}

export function dossierPath(company: number, usage: 'marche_public' | 'socle' = 'marche_public'): string {
  return `/v1/dossiers/${siretOf(company)}?usage=${usage}&object=BENCH-2026-001&recipient=${RECIPIENT}`;
}

/** The SIRET that a path asks about. */
export function siretIn(path: string): string {
  return /\d{14}/.exec(path)?.[0] ?? '';
}
