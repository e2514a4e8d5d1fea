import { companyIn, isBuilder } from '../sources/company.ts';
import { inFrench } from '../sources/wording.ts';
import {
  contradicted,
  established,
  inconclusive,
  type Judgement,
  type Left,
  notApplicable,
} from './examine.ts';
import { headOfficeOf } from './head-office.ts';
import { asked, isAwaited, standingOf } from './standing.ts';
import type { Known } from './usage-definition.ts';

/** What a fund of the building trades proves, and who proves it. */
interface Fund {
  /** Any of them proves it; a refusal of any of them contradicts it. */
  sources: readonly string[];
  /** Of which only the document says the days that it speaks of. */
  undated: readonly string[];
  /** What is paid: `cotisations de retraite complémentaire`. */
  what: string;
  certificate: Left;
}

const RETRAITE: Fund = {
  sources: ['probtp_conformite_cotisations_retraite'],
  undated: [],
  what: 'les cotisations de retraite complémentaire du BTP',
  certificate: {
    piece:
      "Certificat de cotisations de retraite complémentaire, ou déclaration de n'employer aucun salarié ou de ne pas relever de cette caisse",
    recours: "L'entreprise l'obtient de sa caisse de retraite, dans son espace en ligne.",
  },
};

/** A company belongs to one of the two funds; only CIBTP says that one of its own is not up to date. */
const CONGES_PAYES: Fund = {
  sources: ['cibtp_attestation_conges_payes', 'cnetp_attestation_conges_payes'],
  undated: ['cnetp_attestation_conges_payes'],
  what: 'les congés payés et le chômage intempéries du BTP',
  certificate: {
    piece:
      "Certificat de la caisse de congés payés du BTP, ou déclaration de n'employer aucun salarié ou de ne pas relever de ces caisses",
    recours: "L'entreprise l'obtient de sa caisse (CIBTP ou CNETP), dans son espace en ligne.",
  },
};

export const retraiteBtp = (known: Known) => judgeFund(RETRAITE, known);
export const congesPayesBtp = (known: Known) => judgeFund(CONGES_PAYES, known);

/** Whether the works are of the building trades, or else the company; null when neither is known. */
export function isOfBtp({ procedure, pieces }: Known): boolean | null {
  if (procedure.nature !== null) return procedure.nature.startsWith('travaux');
  const company = companyIn((id) => pieces[id]);
  return company && company.activities.length > 0 ? isBuilder(company) : null;
}

/** What a fund says is told in its own words, and no further. */
function judgeFund(fund: Fund, known: Known): Judgement {
  const refusing = fund.sources.find((id) => standingOf(id, known) === 'refused');
  if (refusing !== undefined) return contradicted(saidBy(refusing, known), [refusing]);
  const proving = fund.sources.find((id) => standingOf(id, known) === 'holds');
  if (proving !== undefined) return established(saidBy(proving, known), [proving]);
  const ofBtp = isOfBtp(known);
  if (ofBtp === false) {
    return notApplicable("L'entreprise n'exerce pas dans le bâtiment ni les travaux publics.", [
      'insee_unite_legale',
    ]);
  }
  return undecided(fund, ofBtp, known);
}

function saidBy(id: string, { pieces }: Known): string {
  return pieces[id]?.explication ?? '';
}

function undecided(fund: Fund, ofBtp: true | null, known: Known): Judgement {
  const pieces = asked(fund.sources, known);
  const toRead = fund.undated.find((id) => known.pieces[id]?.statut === 'obtenu');
  if (toRead !== undefined) {
    const motif = `${saidBy(toRead, known)} C'est au document de dire s'il vaut au ${inFrench(known.date)}.`;
    return inconclusive(motif, [toRead]);
  }
  if (isAwaited(fund.sources, known)) {
    return inconclusive("La caisse n'a pas encore donné de réponse qui vaille à cette date.", pieces);
  }
  if (ofBtp === null) {
    const motif = "L'activité de l'entreprise n'est pas connue : l'exigence ne vaut que dans le BTP.";
    return inconclusive(motif, pieces);
  }
  if (fund.sources.some((id) => standingOf(id, known) === 'outdated')) {
    const motif = `Ce que la caisse dit aujourd'hui ne prouve rien au ${inFrench(known.date)}.`;
    return inconclusive(motif, pieces, fund.certificate);
  }
  if (fund.sources.some((id) => standingOf(id, known) === 'closed')) {
    const motif = `Les droits disponibles ne permettent pas de consulter toutes les caisses sur ${fund.what}.`;
    return inconclusive(motif, pieces, fund.certificate);
  }
  if (pieces.length === 0) return inconclusive(`Nul n'a été interrogé sur ${fund.what}.`, pieces);
  return unknownTo(fund, pieces, known);
}

function unknownTo(fund: Fund, pieces: string[], known: Known): Judgement {
  const siege = headOfficeOf(fund.sources, known);
  const [funds, knows] =
    pieces.length > 1 ? ['les caisses', 'ne connaissent pas'] : ['la caisse', 'ne connaît pas'];
  const words = `Pour ${fund.what}, ${funds} ${knows}`;
  return siege === null
    ? inconclusive(`${words} l'entreprise : cela ne dit rien de sa régularité.`, pieces, fund.certificate)
    : inconclusive(`${words} cet établissement : demandez le dossier du siège, ${siege}.`, pieces);
}
