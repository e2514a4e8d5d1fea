import { inFrench } from '../sources/wording.ts';
import { established, inconclusive, type Judgement, type Left } from './examine.ts';
import { asked, isAwaited } from './standing.ts';
import type { Known } from './usage-definition.ts';

const CHIFFRES = 'dgfip_chiffres_affaires';
const EFFECTIFS = ['gip_mds_effectifs_annuels', 'gip_mds_effectifs_mensuels'];
const EXERCISES = 3;

type Exercise = NonNullable<Known['sections']['fiscal']['chiffres_affaires']>[number];

/** The turnover of the last three exercises that the company's age allows (CCP, annexe 9, article 2). */
export function capaciteEconomique(known: Known): Judgement {
  const exercises = closedExercises(known);
  if (exercises.length === EXERCISES || (exercises.length > 0 && isYoung(exercises, known))) {
    return established(inWords(exercises), [CHIFFRES]);
  }
  const pieces = asked([CHIFFRES], known);
  if (isAwaited([CHIFFRES], known)) {
    return inconclusive("Les chiffres d'affaires ne sont pas encore arrivés.", pieces);
  }
  if (exercises.length > 0) {
    const motif = `La DGFiP ne connaît que ${exercises.length} des trois derniers exercices. ${inWords(exercises)}`;
    return inconclusive(motif, pieces, TURNOVER);
  }
  const siege = headOfficeOf(known);
  if (siege !== null) {
    const motif = `La DGFiP répond par établissement et ne connaît pas celui-ci : demandez le dossier du siège, ${siege}.`;
    return inconclusive(motif, pieces);
  }
  if (known.sections.identite.date_creation?.slice(0, 4) === known.date.slice(0, 4)) {
    return inconclusive(
      "L'entreprise, créée dans l'année, n'a pas encore de chiffre d'affaires.",
      pieces,
      NEW,
    );
  }
  return inconclusive(
    "La DGFiP n'a pas de chiffre d'affaires de l'entreprise : il n'est pas nul pour autant.",
    pieces,
    TURNOVER,
  );
}

/** Closed on the day examined, the latest first. */
function closedExercises({ sections, date }: Known): Exercise[] {
  const all = sections.fiscal.chiffres_affaires ?? [];
  return all.filter((one) => one.date_fin_exercice === null || one.date_fin_exercice <= date);
}

/** Created too late to have closed one exercise more than those known. */
function isYoung(exercises: Exercise[], { sections }: Known): boolean {
  const first = exercises.at(-1)?.date_fin_exercice ?? null;
  const created = sections.identite.date_creation;
  if (first === null || created === null) return false;
  return created > Temporal.PlainDate.from(first).subtract({ years: 1, months: 6 }).toString();
}

function inWords(exercises: Exercise[]): string {
  const amounts = exercises.map(({ montant_euros }) => montant_euros);
  const average = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
  const last = exercises[0]?.date_fin_exercice ?? null;
  const until = last === null ? '' : `, le dernier clos le ${inFrench(last)}`;
  return `Chiffre d'affaires moyen de ${euros(average)} sur ${exercises.length} exercice${exercises.length > 1 ? 's' : ''}${until}.`;
}

/** `1 234 567 €`, rounded. */
export function euros(amount: number): string {
  return `${Math.round(amount)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ')} €`;
}

/** Of a secondary establishment that a source by establishment does not know, the head office may be known. */
function headOfficeOf({ pieces, sections: { identite } }: Known): string | null {
  const isSecondary = identite.etablissement?.siege === false;
  return isSecondary && pieces[CHIFFRES]?.statut === 'non_trouve' ? (identite.siege?.siret ?? null) : null;
}

const TURNOVER: Left = {
  piece: "Déclaration du chiffre d'affaires des trois derniers exercices disponibles",
  recours: "L'entreprise la remplit dans le formulaire DC2 ou le DUME.",
};
const NEW: Left = {
  piece: "Déclaration appropriée de banque, ou preuve d'une assurance pour les risques professionnels",
  recours: "L'entreprise l'obtient de sa banque ou de son assureur (CCP, annexe 9, article 2).",
};

/** Headcount (CCP, annexe 9, article 3): that of a whole year, or else of the last month known. */
export function capaciteProfessionnelle(known: Known): Judgement {
  const { effectif_annuel: annual, effectif_mensuel: monthly } = known.sections.social;
  if (annual && annual.annee <= known.date.slice(0, 4)) {
    const motif = `Effectif moyen de ${persons(annual.total)} en ${annual.annee}.`;
    return established(motif, ['gip_mds_effectifs_annuels']);
  }
  if (monthly && `${monthly.annee}-${monthly.mois}` <= known.date.slice(0, 7)) {
    const motif = `Effectif moyen de l'établissement : ${persons(monthly.total)}, en ${monthly.mois}/${monthly.annee}.`;
    return established(motif, ['gip_mds_effectifs_mensuels']);
  }
  const pieces = asked(EFFECTIFS, known);
  if (isAwaited(EFFECTIFS, known)) return inconclusive('Les effectifs ne sont pas encore arrivés.', pieces);
  return inconclusive(
    "Le GIP-MDS ne connaît pas d'effectif de l'entreprise : il n'est pas nul pour autant.",
    pieces,
    {
      piece: 'Déclaration des effectifs moyens annuels des trois dernières années',
      recours: "L'entreprise la remplit dans le formulaire DC2 ou le DUME.",
    },
  );
}

function persons(count: number): string {
  const rounded = Math.round(count * 10) / 10;
  return `${String(rounded).replace('.', ',')} personne${rounded >= 2 ? 's' : ''}`;
}
