import { inseeEtablissement } from '../sources/insee-etablissement.ts';
import { inseeUniteLegale } from '../sources/insee-unite-legale.ts';
import { inFrench } from '../sources/wording.ts';
import { closedExercises, type Exercise, euros, headcountOn, isRecent, persons } from './company-figures.ts';
import { inconclusive, type Judgement, type Left } from './examine.ts';
import { asked, donneesOf, isAwaited } from './standing.ts';
import type { Known } from './usage-definition.ts';

const SOURCES = ['gip_mds_effectifs_annuels', 'dgfip_chiffres_affaires', 'dgfip_liens_capitalistiques'];
const INSEE = 'insee_unite_legale';

/**
 * Persons, and euros of turnover, under which a company is of a size (règlement (UE) 651/2014, annexe I, article 2).
 * The total of its balance sheet may stand for the turnover: nobody here gives it.
 */
const SIZES = [
  { name: "d'une microentreprise", persons: 10, euros: 2_000_000 },
  { name: "d'une petite entreprise", persons: 50, euros: 10_000_000 },
  { name: "d'une entreprise moyenne", persons: 250, euros: 50_000_000 },
];

/**
 * The size of a company counts those it is linked to, by a natural person as well, and changes only after two
 * exercises (annexe I, articles 3 and 4). No source gives all of it: the figures that are known bound the size, and
 * the company declares it (article 3, paragraph 5). The category of Insee, of years ago and for statistics, proves
 * nothing.
 */
export function categorieTaille(known: Known): Judgement {
  const pieces = asked([...SOURCES, INSEE], known);
  if (isAwaited(SOURCES, known)) {
    return inconclusive('Les effectifs, comptes et liens ne sont pas tous arrivés.', pieces);
  }
  const motif = `${boundsIn(known)}${linksIn(known)} La taille se calcule sur deux exercices, avec le total du bilan et les entreprises liées, y compris par une personne physique. ${statistical(known)}`;
  return inconclusive(motif, pieces, SIZE);
}

/** The least and the most that the last headcount and the last two turnovers allow. */
function boundsIn(known: Known): string {
  const headcount = headcountOn(known);
  const [last, before] = closedExercises(known);
  if (!headcount || !last || !before || !isRecent(last.date_fin_exercice, known) || !follows(last, before)) {
    return 'Les chiffres connus ne suffisent pas à situer la taille.';
  }
  const least = SIZES.findIndex((size) => headcount.total < size.persons);
  const most = SIZES.findIndex(
    (size) =>
      headcount.total < size.persons && Math.max(last.montant_euros, before.montant_euros) <= size.euros,
  );
  const lower = least === -1 ? null : `au moins ceux ${SIZES[least]?.name}`;
  const upper = most === -1 ? null : `au plus ceux ${SIZES[most]?.name}`;
  const bounds = [upper, least === most && upper !== null ? null : lower].filter((bound) => bound !== null);
  const words = bounds.length > 0 ? `sont ${bounds.join(', et ')}` : "dépassent ceux d'une PME";
  const figures = `${persons(headcount.total)} en ${headcount.annee}, ${euros(last.montant_euros)} de chiffre d'affaires à l'exercice clos le ${inFrench(last.date_fin_exercice)} et ${euros(before.montant_euros)} au précédent`;
  return `Ses propres chiffres ${words} : ${figures}.`;
}

/** Whether the exercises are of a year each, or near: the figures are compared on an annual basis. */
function follows(last: Exercise, before: Exercise): boolean {
  const year = Temporal.PlainDate.from(before.date_fin_exercice).add({ years: 1 });
  return Math.abs(year.until(last.date_fin_exercice).days) <= 31;
}

function linksIn({ sections: { fiscal } }: Known): string {
  const { actionnaires_personnes_morales: holders, filiales } = fiscal;
  return holders?.length === 0 && filiales?.length === 0
    ? " L'entreprise ne déclare de lien avec aucune personne morale."
    : '';
}

/** Insee's category is years late: it is never shown without the year that it is of, nor the day it was read up to. */
function statistical(known: Known): string {
  const { categorie_entreprise: category, effectif } = known.sections.identite;
  if (category === null) return "L'Insee ne donne pas de catégorie.";
  const year = effectif?.annee
    ? `d'après les effectifs de ${effectif.annee}`
    : "d'une année que l'Insee ne précise pas";
  const read = donneesOf(inseeEtablissement, known) ?? donneesOf(inseeUniteLegale, known);
  const updated = read?.mis_a_jour_le ?? null;
  const register = updated === null ? '' : `, au Sirene mis à jour le ${inFrench(updated)}`;
  return `La catégorie statistique de l'Insee, ${category} ${year}${register}, ne la prouve pas.`;
}

const SIZE: Left = {
  piece: "Déclaration de la taille de l'entreprise, entreprises partenaires et liées comprises",
  recours: "L'entreprise la calcule selon l'annexe I, articles 2 à 6, du règlement (UE) n° 651/2014.",
};
