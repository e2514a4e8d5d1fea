import { inconclusive, type Judgement } from './examine.ts';
import { asked, tells } from './standing.ts';
import type { Known } from './usage-definition.ts';

const LIENS = 'dgfip_liens_capitalistiques';

/**
 * Whether the company can be one person with another bidder. One dossier only tells which companies it is linked to,
 * from 10 % of the capital, and not whether the same person holds another bidder: comparing is the buyer's, nothing
 * establishes it here, and no document can be asked for it.
 */
export function distinctionCandidats(known: Known): Judgement {
  const { actionnaires_personnes_morales: holders, filiales } = known.sections.fiscal;
  const linked = [...(holders ?? []), ...(filiales ?? [])];
  if (linked.length > 0) {
    const names = linked.map(({ denomination, siren }) => siren ?? denomination ?? 'entreprise non nommée');
    const shown = names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')}…` : names.join(', ');
    const motif = `L'entreprise déclare des liens capitalistiques, à comparer aux autres candidats : ${shown}.`;
    return inconclusive(motif, [LIENS]);
  }
  if (holders && filiales && tells(LIENS, known)) {
    const motif =
      "L'entreprise ne déclare de lien avec aucune personne morale ; reste à vérifier qu'une même personne physique ne détient pas plusieurs candidats.";
    return inconclusive(motif, [LIENS]);
  }
  const motif = "Les liens capitalistiques de l'entreprise ne sont pas connus.";
  return inconclusive(motif, asked([LIENS], known));
}

const SHOWN = 10;
