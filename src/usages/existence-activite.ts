import type { Day } from '../dossier/time.ts';
import { inseeEtablissement } from '../sources/insee-etablissement.ts';
import { inseeUniteLegale } from '../sources/insee-unite-legale.ts';
import { inFrench, since } from '../sources/wording.ts';
import { contradicted, established, inconclusive, type Judgement } from './examine.ts';
import { donneesOf, standingOf, tells, tellsAgainst } from './standing.ts';
import type { Known } from './usage-definition.ts';

const ETABLISSEMENT = inseeEtablissement.id;
const UNITE_LEGALE = inseeUniteLegale.id;

/** The establishment exists and is open, and its company is active, on the day examined. */
export function existenceActivite(known: Known): Judgement {
  const { date } = known;
  const etablissement = donneesOf(inseeEtablissement, known);
  const alone = donneesOf(inseeUniteLegale, known);
  if (!etablissement) return undescribed(known);
  const pieces = alone ? [ETABLISSEMENT, UNITE_LEGALE] : [ETABLISSEMENT];
  const company = alone ?? { ...etablissement.unite_legale, date_cessation: null };
  const ceased = company.etat_administratif === 'cesse' && hasHappened(company.date_cessation, known);
  if (ceased && tellsAgainst(alone ? UNITE_LEGALE : ETABLISSEMENT, known)) {
    return contradicted(`L'entreprise a cessé son activité${since(company.date_cessation)}.`, pieces);
  }
  const isClosed = etablissement.etat_administratif === 'ferme';
  if (isClosed && hasHappened(etablissement.date_fermeture, known) && tellsAgainst(ETABLISSEMENT, known)) {
    const day = since(etablissement.date_fermeture);
    const other = company.etat_administratif === 'actif' ? " L'entreprise, elle, est en activité." : '';
    return contradicted(`L'établissement demandé est fermé${day}.${other}`, [ETABLISSEMENT]);
  }
  if (!tells(ETABLISSEMENT, known)) return inconclusive(later(date), pieces);
  if (mayHaveEnded(company.etat_administratif === 'cesse', company.date_cessation, known)) {
    return inconclusive("L'entreprise a cessé son activité, à une date que l'Insee ne dit pas.", pieces);
  }
  if (mayHaveEnded(isClosed, etablissement.date_fermeture, known)) {
    return inconclusive("L'établissement est fermé, depuis une date que l'Insee ne dit pas.", pieces);
  }
  if (etablissement.date_creation !== null && etablissement.date_creation > date) {
    const day = inFrench(etablissement.date_creation);
    return inconclusive(`L'établissement n'a été créé que le ${day}, après la date examinée.`, pieces);
  }
  return established("L'établissement est ouvert et l'entreprise active au répertoire Sirene.", pieces);
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
