import { infogreffeExtraitRcs } from '../sources/infogreffe-extrait-rcs.ts';
import { inpiExtraitRne } from '../sources/inpi-extrait-rne.ts';
import type { Observation } from '../sources/registry-observations.ts';
import { donneesOf, standingOf, tells } from './standing.ts';
import type { Known } from './usage-definition.ts';

export const RCS = infogreffeExtraitRcs.id;
export const RNE = inpiExtraitRne.id;
export const REGISTERS: readonly string[] = [RCS, RNE];

/** A register, and the notes that it bears about the company. */
export interface Noted {
  register: string;
  notes: Observation[];
}

/** The registers that gave their notes. */
export function notesIn(known: Known): Noted[] {
  return [infogreffeExtraitRcs, inpiExtraitRne].flatMap((source) => {
    const notes = donneesOf(source, known)?.observations ?? null;
    return notes === null ? [] : [{ register: source.id, notes }];
  });
}

/** Those that may know the company and say nothing on the day examined: nothing is established without them. */
export function silentRegisters(known: Known): string[] {
  return REGISTERS.filter((id) => !tells(id, known) && ['awaited', 'closed'].includes(standingOf(id, known)));
}

const NAMES: Record<string, string> = {
  [RCS]: 'registre du commerce et des sociétés',
  [RNE]: 'registre national des entreprises',
};

export function nameOf(register: string): string {
  return NAMES[register] as string;
}

/** A sentence for each. */
export function silence(registers: readonly string[], known: Known): string {
  return registers
    .map((id) =>
      standingOf(id, known) === 'closed'
        ? `Les droits disponibles ne permettent pas de consulter le ${nameOf(id)}.`
        : `Le ${nameOf(id)} n'a pas encore donné de réponse qui vaille à cette date.`,
    )
    .join(' ');
}

/** Public bodies under administrative law. */
export function isPublicBody({ sections }: Known): boolean {
  return sections.identite.forme_juridique?.code?.startsWith('7') ?? false;
}
