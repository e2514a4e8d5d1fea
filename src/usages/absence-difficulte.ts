import { contradicted, inconclusive, type Judgement, type Left } from './examine.ts';
import { absenceLiquidationRedressement, openedBy } from './procedures-collectives.ts';
import { inWords } from './proceedings-wording.ts';
import { notesIn } from './registers.ts';
import type { Known } from './usage-definition.ts';

/** The losses of the capital do not count against a SME of less than three years. */
const YOUNG_YEARS = 3;

/**
 * Not a company in difficulty (règlement (UE) 651/2014, article 2, point 18). A judicial liquidation contradicts it
 * (c); safeguard and recovery are insolvency proceedings of which the register does not tell the end. Nothing
 * establishes it: lost capital (a, b), the conditions of insolvency (c) and rescue aid (d) are known to nobody here.
 */
export function absenceDifficulte(known: Known): Judgement {
  const proceedings = absenceLiquidationRedressement(known);
  if (proceedings.conclusion === 'contredite') return contradicted(proceedings.motif, proceedings.pieces);
  const found = openedBy(notesIn(known), known);
  if (found) {
    const motif = `Le registre porte ${inWords(found)} : une procédure d'insolvabilité ouverte met l'entreprise en difficulté (point 18, c).`;
    return inconclusive(motif, proceedings.pieces, DIFFICULTY);
  }
  if (proceedings.conclusion === 'impossible_a_conclure') {
    return { ...proceedings, ...(proceedings.left && { left: DIFFICULTY }) };
  }
  const motif = `${proceedings.motif} ${isYoung(known) ? YOUNG : OLDER}`;
  return inconclusive(motif, proceedings.pieces, DIFFICULTY);
}

const YOUNG =
  "L'entreprise a moins de trois ans : si elle est une PME, ses pertes ne comptent pas, mais les conditions de l'insolvabilité et les aides au sauvetage ne sont pas connues.";
const OLDER =
  "Ni les pertes au regard du capital, ni les conditions de l'insolvabilité, ni les aides au sauvetage ne sont connues.";

function isYoung({ sections, date }: Known): boolean {
  const created = sections.identite.date_creation;
  const since = Temporal.PlainDate.from(date).subtract({ years: YOUNG_YEARS }).toString();
  return created !== null && created > since;
}

const DIFFICULTY: Left = {
  piece: 'Déclaration de ne pas être une entreprise en difficulté',
  recours:
    "L'entreprise la signe, au vu de ses derniers comptes clos (règlement (UE) n° 651/2014, article 2, point 18).",
};
