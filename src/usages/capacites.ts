import type { Day } from '../dossier/time.ts';
import { inFrench } from '../sources/wording.ts';
import { closedExercises, type Exercise, euros, headcountOn, isRecent, persons } from './company-figures.ts';
import { established, inconclusive, type Judgement, type Left } from './examine.ts';
import { headOfficeOf } from './head-office.ts';
import { asked, isAwaited } from './standing.ts';
import type { Known } from './usage-definition.ts';

const CHIFFRES = 'dgfip_chiffres_affaires';
const ANNUELS = 'gip_mds_effectifs_annuels';
const MENSUELS = 'gip_mds_effectifs_mensuels';
const EXERCISES = 3;
/** Which level is enough is the buyer's to say. */
const TO_COMPARE = 'connu, à comparer au niveau exigé';

/** The turnover of the last three exercises that the company's age allows (CCP, annexe 9, article 2). */
export function capaciteEconomique(known: Known): Judgement {
  const exercises = closedExercises(known);
  const missing = missingYears(exercises, known);
  if (exercises.length > 0 && missing.length === 0) return established(inWords(exercises), [CHIFFRES]);
  const pieces = asked([CHIFFRES], known);
  if (isAwaited([CHIFFRES], known)) {
    return inconclusive("Les chiffres d'affaires ne sont pas encore arrivés.", pieces);
  }
  if (exercises.length > 0) {
    const motif = `La DGFiP ne donne pas le chiffre d'affaires des exercices clos en ${listed(missing)}. ${inWords(exercises)}`;
    return inconclusive(motif, pieces, turnoverOf(missing));
  }
  return unknownTurnover(known, pieces);
}

function unknownTurnover(known: Known, pieces: string[]): Judgement {
  const siege = headOfficeOf([CHIFFRES], known);
  if (siege !== null) {
    const motif = `La DGFiP répond par établissement et ne connaît pas cet établissement : demandez le dossier du siège, ${siege}.`;
    return inconclusive(motif, pieces);
  }
  if (known.sections.identite.date_creation?.slice(0, 4) === known.date.slice(0, 4)) {
    const motif = "L'entreprise, créée dans l'année, n'a pas encore de chiffre d'affaires.";
    return inconclusive(motif, pieces, NEW);
  }
  const motif =
    "La DGFiP n'a pas de chiffre d'affaires daté de l'entreprise : cela ne veut pas dire qu'il est nul.";
  return inconclusive(motif, pieces, TURNOVER);
}

/** Years in which an exercise of the last three closed of which nothing is known, the first one first. */
function missingYears(exercises: Exercise[], known: Known): number[] {
  const [last] = exercises;
  const first = exercises.at(-1);
  if (!last || !first) return [];
  const isUpToDate = isRecent(last.date_fin_exercice, known);
  if (isUpToDate && exercises.length === EXERCISES && yearOf(last) - yearOf(first) <= EXERCISES) return [];
  const latest = isUpToDate ? yearOf(last) : Math.max(yearOf(last) + 1, lastFiledYear(known.date));
  const years = [latest - 2, latest - 1, latest];
  const found = exercises.map(yearOf);
  const isFirst = isYoung(first, known);
  return years.filter((year) => !found.includes(year) && !(isFirst && year < yearOf(first)));
}

/** Returns are due in the fifth month after most exercises. */
function lastFiledYear(date: Day): number {
  return Temporal.PlainDate.from(date).subtract({ months: 5 }).year - 1;
}

function yearOf({ date_fin_exercice }: Exercise): number {
  return Number(date_fin_exercice.slice(0, 4));
}

/** Created too late to have closed an exercise before this one. */
function isYoung(first: Exercise, { sections }: Known): boolean {
  const created = sections.identite.date_creation;
  const earliest = Temporal.PlainDate.from(first.date_fin_exercice).subtract({ years: 1, months: 6 });
  return created !== null && created > earliest.toString();
}

function inWords(exercises: Exercise[]): string {
  const amounts = exercises.map(({ montant_euros }) => montant_euros);
  const average = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
  const last = inFrench((exercises[0] as Exercise).date_fin_exercice);
  const count = `${exercises.length} exercice${exercises.length > 1 ? 's' : ''}`;
  return `Chiffre d'affaires ${TO_COMPARE} : moyenne de ${euros(average)} sur ${count}, le dernier clos le ${last}.`;
}

/** `2023, 2024 et 2025` */
function listed(years: number[]): string {
  return years.join(', ').replace(/, (\d+)$/, ' et $1');
}

const TURNOVER: Left = {
  piece: "Déclaration du chiffre d'affaires des trois derniers exercices disponibles",
  recours: "L'entreprise la remplit dans le formulaire DC2 ou le DUME.",
};

function turnoverOf(years: number[]): Left {
  return { ...TURNOVER, piece: `Déclaration du chiffre d'affaires des exercices clos en ${listed(years)}` };
}

const NEW: Left = {
  piece: "Déclaration appropriée de banque, ou preuve d'une assurance pour les risques professionnels",
  recours: "L'entreprise l'obtient de sa banque ou de son assureur (CCP, annexe 9, article 2).",
};

/**
 * Headcount of the company over its last known year (CCP, annexe 9, article 3). GIP-MDS holds the years before it,
 * so they are not asked of the company; the months that it gives are those of one establishment.
 */
export function capaciteProfessionnelle(known: Known): Judgement {
  const annual = headcountOn(known);
  if (annual) {
    const motif = `Effectif moyen ${TO_COMPARE} : ${persons(annual.total)} en ${annual.annee}.`;
    return established(motif, [ANNUELS]);
  }
  const pieces = asked([ANNUELS, MENSUELS], known);
  if (isAwaited([ANNUELS], known)) return inconclusive('Les effectifs ne sont pas encore arrivés.', pieces);
  return inconclusive(withoutYear(known), pieces, HEADCOUNT);
}

function withoutYear({ sections, date }: Known): string {
  const monthly = sections.social.effectif_mensuel;
  return monthly && `${monthly.annee}-${monthly.mois}` <= date.slice(0, 7)
    ? `Seul l'effectif de cet établissement est connu, qui n'est pas celui de l'entreprise : ${persons(monthly.total)}, en ${monthly.mois}/${monthly.annee}.`
    : "Le GIP-MDS ne donne pas d'effectif récent de l'entreprise : cela ne veut pas dire qu'il est nul.";
}

const HEADCOUNT: Left = {
  piece: 'Déclaration des effectifs moyens annuels des trois dernières années',
  recours: "L'entreprise la remplit dans le formulaire DC2 ou le DUME.",
};
