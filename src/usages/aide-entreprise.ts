import { inseeEtablissement } from '../sources/insee-etablissement.ts';
import { inseeUniteLegale } from '../sources/insee-unite-legale.ts';
import { inFrench } from '../sources/wording.ts';
import { euros } from './capacites.ts';
import { contradicted, established, inconclusive, type Judgement, type Left } from './examine.ts';
import { absenceProcedureCollective } from './procedures-collectives.ts';
import { asked, donneesOf, isAwaited } from './standing.ts';
import type { Known } from './usage-definition.ts';

const LIENS = 'dgfip_liens_capitalistiques';
const CHIFFRES = 'dgfip_chiffres_affaires';
const EFFECTIFS = 'gip_mds_effectifs_annuels';
const INSEE = 'insee_unite_legale';

/** Persons, and euros of turnover, under which a company is of a size (règlement (UE) 651/2014, annexe I, article 2). */
const SIZES = [
  { name: 'microentreprise', persons: 10, euros: 2_000_000 },
  { name: 'petite entreprise', persons: 50, euros: 10_000_000 },
  { name: 'entreprise moyenne', persons: 250, euros: 50_000_000 },
];

/**
 * The size of a company counts those it is linked to: only of one that declares no link is it known from its own
 * figures. The category of Insee, of years ago and for statistics, proves nothing.
 */
export function categorieTaille(known: Known): Judgement {
  const sources = [EFFECTIFS, CHIFFRES, LIENS];
  const { actionnaires_personnes_morales: holders, filiales, chiffres_affaires } = known.sections.fiscal;
  const isAlone = holders?.length === 0 && filiales?.length === 0;
  const headcount = known.sections.social.effectif_annuel;
  const turnover = chiffres_affaires?.find(({ date_fin_exercice: day }) => day !== null && day <= known.date);
  if (isAlone && headcount && turnover) {
    const size = SIZES.find(
      ({ persons, euros }) => headcount.total < persons && turnover.montant_euros <= euros,
    );
    if (size) {
      const closed = inFrench(turnover.date_fin_exercice as string);
      const figures = `${headcount.total} personnes en ${headcount.annee}, ${euros(turnover.montant_euros)} de chiffre d'affaires`;
      const motif = `Sans lien déclaré, l'entreprise est une ${size.name} à l'exercice clos le ${closed} : ${figures}.`;
      return established(motif, sources);
    }
  }
  const pieces = asked([...sources, INSEE], known);
  if (isAwaited(sources, known)) {
    return inconclusive('Les effectifs, comptes et liens ne sont pas tous arrivés.', pieces);
  }
  return inconclusive(`La taille se calcule avec les entreprises liées. ${statistical(known)}`, pieces, SIZE);
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
  recours: "L'entreprise la calcule selon l'annexe I du règlement (UE) n° 651/2014.",
};

/** From their third year on, companies that have lost half their capital are in difficulty. */
const YOUNG_YEARS = 3;

/**
 * Not a company in difficulty (règlement (UE) 651/2014, article 2, point 18). Insolvency proceedings contradict it.
 * Without any, a company of less than three years is in no difficulty; of others the equity must be known as well.
 */
export function absenceDifficulte(known: Known): Judgement {
  const proceedings = absenceProcedureCollective(known);
  if (proceedings.conclusion === 'contredite') return contradicted(proceedings.motif, proceedings.pieces);
  const created = known.sections.identite.date_creation;
  const isYoung =
    created !== null &&
    created > Temporal.PlainDate.from(known.date).subtract({ years: YOUNG_YEARS }).toString();
  if (proceedings.conclusion === 'etablie' && isYoung) {
    const motif = "L'entreprise a moins de trois ans, et aucune procédure collective n'est mentionnée.";
    return established(motif, [...proceedings.pieces, INSEE]);
  }
  if (proceedings.conclusion === 'etablie') {
    const motif = `${proceedings.motif} Les capitaux propres, eux, ne sont pas connus.`;
    return inconclusive(motif, proceedings.pieces, DIFFICULTY);
  }
  return { ...proceedings, ...(proceedings.left && { left: DIFFICULTY }) };
}

const DIFFICULTY: Left = {
  piece:
    "Déclaration de n'être pas une entreprise en difficulté, avec les capitaux propres et le capital social",
  recours: "L'entreprise la signe, au vu de ses derniers comptes clos.",
};
