import { infogreffeExtraitRcs } from '../sources/infogreffe-extrait-rcs.ts';
import { inpiExtraitRne } from '../sources/inpi-extrait-rne.ts';
import { latestBan, latestProceedings, type Observation } from '../sources/registry-observations.ts';
import { inFrench } from '../sources/wording.ts';
import { contradicted, established, inconclusive, type Judgement } from './examine.ts';
import { later } from './existence-activite.ts';
import { REGISTERS } from './inscription.ts';
import { asked, donneesOf, isAwaited, standingOf, tells } from './standing.ts';
import type { Known } from './usage-definition.ts';

const SOURCES = [infogreffeExtraitRcs, inpiExtraitRne] as const;

/**
 * No judicial liquidation, recovery, personal bankruptcy nor ban from managing on the day examined (CCP, article
 * L2141-3). Notes of registers are free text: only an announced opening of liquidation that nothing seems to end
 * contradicts. A company under recovery may tender if it has a plan or its judgment allows it, and gives its copy
 * (CCP, article R2143-9). Safeguard excludes nobody.
 */
export function absenceProcedureCollective(known: Known): Judgement {
  const pieces = asked(REGISTERS, known);
  const notes = notesOf(known);
  if (notes === null) return untold(known, pieces);
  const then = notes.filter(({ date }) => date === null || date <= known.date);
  const [found, ban] = [latestProceedings(then), latestBan(then)];
  if (found) {
    const { note, kind, isOpening, mayHaveEnded } = found;
    const words = `${NAMES[kind]}${dated(note)}`;
    if (kind === 'liquidation' && isOpening && !mayHaveEnded && isCertain(note, known)) {
      return contradicted(`Le registre porte ${words}.`, pieces);
    }
    if (ban) return barred(ban.note, pieces);
    if (kind === 'plan_redressement') {
      return inconclusive(
        `Le registre porte ${words} : reste à vérifier qu'il est encore suivi.`,
        pieces,
        PLAN,
      );
    }
    if (kind === 'sauvegarde') {
      return established(`Le registre porte ${words}, qui n'exclut pas l'entreprise.`, pieces);
    }
    return inconclusive(`Le registre porte ${words} : ses suites sont à vérifier.`, pieces, JUDGMENT);
  }
  if (ban) return barred(ban.note, pieces);
  if (!REGISTERS.some((id) => tells(id, known))) return untold(known, pieces);
  const since = latestProceedings(notes)
    ? ' Une mention postérieure à la date examinée existe : voir les alertes.'
    : '';
  return established(`Aucune procédure collective n'est mentionnée aux registres.${since}`, pieces);
}

const NAMES = {
  liquidation: 'une procédure de liquidation judiciaire',
  redressement: 'une procédure de redressement judiciaire',
  plan_redressement: 'un plan de redressement judiciaire',
  sauvegarde: 'une procédure de sauvegarde',
  autre: 'une procédure collective',
};

function dated({ date }: Observation): string {
  return date === null ? '' : `, le ${inFrench(date)}`;
}

/** Under a plan of recovery that it follows, a company is not excluded (CCP, article L2141-3, 3°). */
const PLAN = {
  piece: 'Copie du jugement qui arrête le plan de redressement',
  recours: "L'entreprise la produit, et dit qu'elle suit le plan.",
};

/** Whom a note bars and until when, its text alone tells, and only a person can read it. */
function barred(note: Observation, pieces: string[]): Judgement {
  const motif = `Le registre porte une faillite personnelle ou une interdiction de gérer${dated(note)} : le registre ne dit pas à coup sûr qui elle vise, ni si elle dure encore.`;
  return inconclusive(motif, pieces, BAN);
}

const BAN = {
  piece: "Déclaration sur l'honneur de n'être visé par aucune faillite personnelle ni interdiction de gérer",
  recours: "L'entreprise la signe, par exemple dans le formulaire DC1.",
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
