import type { Observation, Proceedings } from '../sources/registry-observations.ts';
import { inFrench } from '../sources/wording.ts';
import type { Left } from './examine.ts';

/** `une procédure de sauvegarde, le 01/09/2026` */
export function inWords({ kind, note }: Proceedings): string {
  return `${NAMES[kind]}${dated(note)}`;
}

export function dated({ date }: Observation): string {
  return date === null ? '' : `, le ${inFrench(date)}`;
}

const NAMES = {
  liquidation: 'une procédure de liquidation judiciaire',
  redressement: 'une procédure de redressement judiciaire',
  plan_redressement: 'un plan de redressement judiciaire',
  sauvegarde: 'une procédure de sauvegarde',
  autre: 'une procédure collective',
};

export const BAN: Left = {
  piece: "Déclaration sur l'honneur de n'être visé par aucune faillite personnelle ni interdiction de gérer",
  recours: "L'entreprise la signe, par exemple dans le formulaire DC1.",
};

/** Under a plan of recovery that it follows, a company is not excluded (CCP, article L2141-3, 3°). */
const PLAN: Left = {
  piece: 'Copie du jugement qui arrête le plan de redressement',
  recours: "L'entreprise la produit, et dit qu'elle suit le plan.",
};

const JUDGMENT: Left = {
  piece: 'Copie du ou des jugements prononcés',
  recours:
    "L'entreprise la produit : le jugement dit si elle peut poursuivre son activité pendant l'exécution.",
};

const TO_CHECK = ' : ses suites sont à vérifier.';

/** What is said after the name of each, and what is asked for. */
export const FOLLOWING: Record<Proceedings['kind'], [follow: string, left?: Left]> = {
  liquidation: [TO_CHECK, JUDGMENT],
  redressement: [TO_CHECK, JUDGMENT],
  plan_redressement: [" : reste à vérifier qu'il est encore suivi.", PLAN],
  sauvegarde: [", qui n'exclut pas l'entreprise par elle-même : ses suites sont à vérifier.", JUDGMENT],
  autre: [TO_CHECK, JUDGMENT],
};

export const SWORN: Left = {
  piece: "Déclaration sur l'honneur de n'être ni en liquidation ni en redressement judiciaire",
  recours: "L'entreprise la signe, par exemple dans le formulaire DC1.",
};
