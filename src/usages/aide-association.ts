import type { Day } from '../dossier/time.ts';
import { djepvaAssociation } from '../sources/djepva-association.ts';
import { inFrench } from '../sources/wording.ts';
import { euros } from './company-figures.ts';
import {
  contradicted,
  established,
  inconclusive,
  type Judgement,
  type Left,
  notApplicable,
} from './examine.ts';
import { later } from './existence-activite.ts';
import { asked, donneesOf, isAwaited, isPending, standingOf, tells, tellsAgainst } from './standing.ts';
import type { Known } from './usage-definition.ts';

const DJEPVA = djepvaAssociation.id;
const SUBVENTIONS = 'data_subvention_subventions';
/** Yearly cash subsidies, in euros, above which an association publishes audited accounts (code de commerce, D612-5). */
const THRESHOLD_EUROS = 153_000;

/** The association is known to its directory, and not dissolved on the day examined. */
export function associationDeclaree(known: Known): Judgement {
  const found = donneesOf(djepvaAssociation, known);
  if (!found) return unknownAssociation(known);
  const dissolved = found.date_dissolution;
  if (dissolved !== null && dissolved <= known.date) {
    const motif = `L'association est dissoute depuis le ${inFrench(dissolved)}.`;
    return tellsAgainst(DJEPVA, known) ? contradicted(motif, [DJEPVA]) : inconclusive(motif, [DJEPVA]);
  }
  if (!tells(DJEPVA, known)) return inconclusive(later(known.date), [DJEPVA]);
  if (found.active !== true && dissolved === null) {
    const words =
      found.active === false
        ? "L'annuaire des associations dit l'association inactive, sans dissolution."
        : "L'annuaire des associations ne dit pas si l'association est active.";
    return inconclusive(words, [DJEPVA], RECEIPT);
  }
  return established("L'association est connue de l'annuaire des associations, et active.", [DJEPVA]);
}

const RECEIPT: Left = {
  piece: "Récépissé de la dernière déclaration de l'association",
  recours: "L'association l'obtient du greffe des associations, ou de son tribunal en Alsace-Moselle.",
};

function unknownAssociation(known: Known): Judgement {
  const pieces = asked([DJEPVA], known);
  switch (standingOf(DJEPVA, known)) {
    case 'absent':
      return inconclusive("L'annuaire ne connaît pas d'association sous ce numéro.", pieces, {
        piece: 'Numéro RNA, ou récépissé de déclaration',
        recours: "L'association le lit sur son récépissé ; en Alsace-Moselle, son tribunal l'inscrit.",
      });
    default:
      return inconclusive("L'annuaire des associations n'a pas donné de réponse.", pieces);
  }
}

/**
 * Subsidies of a year, against the threshold above which accounts are audited. What the association states of its
 * accounts is complete; the payments that are known are not, and can only show that the threshold is passed. Under it, only the accounts of
 * the last year conclude, once both sources have answered.
 */
export function comptesAnnuels(known: Known): Judgement {
  const pieces = asked([DJEPVA, SUBVENTIONS], known);
  const years = yearsOf(known);
  const passed = years.find(({ euros }) => euros > THRESHOLD_EUROS);
  if (passed) {
    const words = `${euros(passed.euros)} de subventions en ${passed.year}, au-dessus de 153 000 €`;
    if (passed.isAudited) return established(`${words} : un commissaire aux comptes est déclaré.`, pieces);
    return inconclusive(`${words} : des comptes annuels certifiés sont exigés.`, pieces, AUDITED);
  }
  if (isPending(DJEPVA, known) || isPending(SUBVENTIONS, known)) {
    return inconclusive('Les comptes et les subventions ne sont pas tous arrivés.', pieces);
  }
  const stated = years.find(({ isStated, year }) => isStated && Number(year) >= lastAccounts(known.date));
  if (stated) {
    const words = `${euros(stated.euros)} de subventions en ${stated.year}, sous le seuil de 153 000 €`;
    return notApplicable(`${words} : des comptes certifiés ne sont pas exigés.`, pieces);
  }
  if (isAwaited([DJEPVA, SUBVENTIONS], known)) return inconclusive(later(known.date), pieces);
  return inconclusive('Le total annuel des subventions reçues n’est pas connu.', pieces, {
    piece: 'Comptes du dernier exercice clos, ou total des subventions reçues dans l’année',
    recours: "L'association les joint au formulaire Cerfa 12156.",
  });
}

/** Accounts of a year are approved in the six months that follow it. */
function lastAccounts(date: Day): number {
  return Temporal.PlainDate.from(date).subtract({ months: 6 }).year - 1;
}

interface Year {
  year: string;
  euros: number;
  /** By the association's own accounts. */
  isStated: boolean;
  isAudited: boolean;
}

/** The year examined and the two before it, the latest first; of each, the highest of what is known. */
function yearsOf(known: Known): Year[] {
  const last = Number(known.date.slice(0, 4));
  const accounts = donneesOf(djepvaAssociation, known)?.comptes ?? [];
  const payments = known.sections.fiscal.subventions_versees ?? [];
  return [last, last - 1, last - 2].flatMap((number) => {
    const year = String(number);
    const stated = accounts.filter((one) => String(one.annee) === year);
    const paid = payments.filter(
      ({ date_versement: day }) => day?.startsWith(year) === true && day <= known.date,
    );
    const statedEuros = stated.reduce((sum, one) => sum + (one.montant_subventions_euros ?? 0), 0);
    const paidEuros = paid.reduce((sum, one) => sum + one.montant_euros, 0);
    if (stated.length + paid.length === 0) return [];
    return {
      year,
      euros: Math.max(statedEuros, paidEuros),
      isStated: stated.some((one) => one.montant_subventions_euros !== null),
      isAudited: stated.some((one) => one.commissaire_aux_comptes === true),
    };
  });
}

const AUDITED: Left = {
  piece: 'Comptes annuels et rapport du commissaire aux comptes',
  recours: "L'association les dépose à la direction de l'information légale et administrative, et les joint.",
};
