import { infogreffeExtraitRcs } from '../sources/infogreffe-extrait-rcs.ts';
import { inpiExtraitRne } from '../sources/inpi-extrait-rne.ts';
import { latestProceedings, type Observation } from '../sources/registry-observations.ts';
import { inFrench } from '../sources/wording.ts';
import { contradicted, established, inconclusive, type Judgement } from './examine.ts';
import { later } from './existence-activite.ts';
import { REGISTERS } from './inscription.ts';
import { asked, donneesOf, isAwaited, standingOf, tells } from './standing.ts';
import type { Known } from './usage-definition.ts';

const SOURCES = [infogreffeExtraitRcs, inpiExtraitRne] as const;

/**
 * No judicial liquidation nor recovery on the day examined (CCP, article L2141-3). Notes of registers are free
 * text: only an opening of liquidation that nothing seems to end contradicts. A company under recovery may
 * tender if its judgment allows it, and gives its copy (CCP, article R2143-9). Safeguard excludes nobody.
 */
export function absenceProcedureCollective(known: Known): Judgement {
  const pieces = asked(REGISTERS, known);
  const notes = notesOf(known);
  if (notes === null) return untold(known, pieces);
  const found = latestProceedings(notes.filter(({ date }) => date === null || date <= known.date));
  if (found) {
    const { note, kind, mayHaveEnded } = found;
    const words = `une procédure de ${NAMES[kind]}${note.date === null ? '' : `, le ${inFrench(note.date)}`}`;
    if (kind === 'liquidation' && !mayHaveEnded && isCertain(note, known)) {
      return contradicted(`Le registre porte ${words}.`, pieces);
    }
    if (kind === 'sauvegarde') {
      return established(`Le registre porte ${words}, qui n'exclut pas l'entreprise.`, pieces);
    }
    return inconclusive(`Le registre porte ${words} : ses suites sont à vérifier.`, pieces, JUDGMENT);
  }
  if (!REGISTERS.some((id) => tells(id, known))) return untold(known, pieces);
  const since = latestProceedings(notes)
    ? ' Une mention postérieure à la date examinée existe : voir les alertes.'
    : '';
  return established(`Aucune procédure collective n'est mentionnée aux registres.${since}`, pieces);
}

const NAMES = {
  liquidation: 'liquidation judiciaire',
  redressement: 'redressement judiciaire',
  sauvegarde: 'sauvegarde',
  autre: 'procédure collective',
};

const JUDGMENT = {
  piece: 'Copie du ou des jugements prononcés',
  recours:
    "L'entreprise la produit : le jugement dit si elle peut poursuivre son activité pendant l'exécution.",
};

/** Null when no register tells its notes. */
function notesOf(known: Known): Observation[] | null {
  const told = SOURCES.map((source) => donneesOf(source, known)?.observations ?? null);
  return told.every((notes) => notes === null) ? null : told.flatMap((notes) => notes ?? []);
}

/** Told, for the day examined, by a register whose answer is not stale; of what bears no date, as of today. */
function isCertain({ date, texte }: Observation, known: Known): boolean {
  return SOURCES.some(
    (source) =>
      tells(source.id, known) &&
      known.pieces[source.id]?.perime === false &&
      (date !== null || known.date >= known.today) &&
      donneesOf(source, known)?.observations?.some((note) => note.texte === texte && note.date === date),
  );
}

function untold(known: Known, pieces: string[]): Judgement {
  if (known.date > known.today) return inconclusive(later(known.date), pieces);
  const isUnknown = REGISTERS.every((id) => standingOf(id, known) === 'absent');
  if (isUnknown && !isAwaited(REGISTERS, known)) {
    const motif = "Aucun registre ne connaît l'entreprise : rien n'y dit si une procédure est ouverte.";
    return inconclusive(motif, pieces, {
      piece: "Déclaration sur l'honneur de n'être ni en liquidation ni en redressement judiciaire",
      recours: "L'entreprise la signe, par exemple dans le formulaire DC1.",
    });
  }
  return inconclusive("Les registres n'ont pas donné leurs mentions.", pieces);
}
