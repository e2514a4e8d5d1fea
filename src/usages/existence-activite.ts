import type { Day } from '../dossier/time.ts';
import { inseeEtablissement } from '../sources/insee-etablissement.ts';
import { inseeUniteLegale } from '../sources/insee-unite-legale.ts';
import { inFrench, on, since } from '../sources/wording.ts';
import { contradicted, established, inconclusive, type Judgement } from './examine.ts';
import { donneesOf, standingOf, tells, tellsAgainst } from './standing.ts';
import type { Known } from './usage-definition.ts';

const ETABLISSEMENT = inseeEtablissement.id;
const UNITE_LEGALE = inseeUniteLegale.id;

/** What Insee says of the establishment, and of its company. */
interface Described {
  etablissement: NonNullable<ReturnType<typeof donneesOf<typeof inseeEtablissement>>>;
  company: { etat_administratif: 'actif' | 'cesse'; date_cessation: Day | null; siret_siege: string | null };
  /** The establishment first; the company last, where it was asked about by itself. */
  pieces: [string, ...string[]];
}

/**
 * The establishment exists and is open, and its company is active, on the day examined. A company that ceased
 * contradicts it, unless Sirene has its establishment open, which is an error of Insee. No text excludes a living
 * company for an establishment that closed: the dossier of its head office is the one to ask for.
 */
export function existenceActivite(known: Known): Judgement {
  const described = describedIn(known);
  if (!described) return undescribed(known);
  const { etablissement, company, pieces } = described;
  const mayHaveCeased = mayHaveEnded(company.etat_administratif === 'cesse', company.date_cessation, known);
  const isClosed = etablissement.etat_administratif === 'ferme';
  if (mayHaveCeased && !isClosed) return inconclusive(INSEE_ERROR, pieces);
  if (
    mayHaveCeased &&
    hasHappened(company.date_cessation, known) &&
    tellsAgainst(pieces.at(-1) as string, known)
  ) {
    return contradicted(`L'entreprise a cessé son activité${on(company.date_cessation)}.`, pieces);
  }
  if (!mayHaveCeased && isClosed && hasHappened(etablissement.date_fermeture, known))
    return ofClosed(described);
  if (!tells(ETABLISSEMENT, known)) return inconclusive(later(known.date), pieces);
  if (mayHaveCeased)
    return inconclusive(ended("L'entreprise n'a plus d'activité", company.date_cessation), pieces);
  return ofOpen(described, known);
}

const INSEE_ERROR =
  "L'Insee dit l'entreprise cessée et cet établissement ouvert : c'est une erreur du répertoire Sirene, que l'entreprise peut faire corriger.";

function describedIn(known: Known): Described | null {
  const etablissement = donneesOf(inseeEtablissement, known);
  if (!etablissement) return null;
  const alone = donneesOf(inseeUniteLegale, known);
  return {
    etablissement,
    company: alone ?? { ...etablissement.unite_legale, date_cessation: null },
    pieces: alone ? [ETABLISSEMENT, UNITE_LEGALE] : [ETABLISSEMENT],
  };
}

/** Its company lives: its own dossier speaks for itself. */
function ofClosed({ etablissement, company, pieces }: Described): Judgement {
  const closed = `Cet établissement est fermé${since(etablissement.date_fermeture)}, et l'entreprise en activité`;
  const siege = company.siret_siege;
  return siege === null || siege === etablissement.siret
    ? inconclusive(`${closed} : son siège est à vérifier auprès d'elle.`, pieces)
    : inconclusive(`${closed} : demandez le dossier du siège, ${siege}.`, pieces);
}

function ofOpen({ etablissement, pieces }: Described, known: Known): Judgement {
  const { date_creation: created, date_fermeture, etat_administratif } = etablissement;
  if (mayHaveEnded(etat_administratif === 'ferme', date_fermeture, known)) {
    return inconclusive(ended("L'établissement est fermé", date_fermeture), pieces);
  }
  if (created !== null && created > known.date) {
    const motif = `L'établissement n'a été créé que le ${inFrench(created)}, après la date examinée.`;
    return inconclusive(motif, pieces);
  }
  return established("L'établissement est ouvert et l'entreprise active au répertoire Sirene.", pieces);
}

/** Of an unknown day, or told by an answer that is not renewed. */
function ended(what: string, day: Day | null): string {
  return day === null
    ? `${what}, à une date que l'Insee ne dit pas.`
    : `${what}${since(day)} : l'information est à renouveler.`;
}

/** What ended on an unknown day had ended today, and may not have before. */
function hasHappened(day: Day | null, { date, today }: Known): boolean {
  return day === null ? date >= today : day <= date;
}

function mayHaveEnded(hasEnded: boolean, day: Day | null, known: Known): boolean {
  return hasEnded && (day === null || day <= known.date);
}

function undescribed(known: Known): Judgement {
  if (standingOf(ETABLISSEMENT, known) === 'absent') {
    return inconclusive("L'Insee ne connaît pas ce SIRET.", [ETABLISSEMENT], {
      piece: "Numéro SIRET exact de l'établissement",
      recours: "L'entreprise le lit sur son avis de situation au répertoire Sirene.",
    });
  }
  return inconclusive("L'Insee n'a pas donné de réponse sur cet établissement.", [ETABLISSEMENT]);
}

export function later(date: Day): string {
  return `Ce qui est connu aujourd'hui ne dit rien du ${inFrench(date)} : le dossier est à redemander.`;
}
