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
import { asked, isAwaited, standingOf } from './standing.ts';
import type { Known } from './usage-definition.ts';

/** What a fund of the building trades proves, and who proves it. */
interface Fund {
  /** Any of them proves it; a refusal of any of them contradicts it. */
  sources: readonly string[];
  /** What is paid: `cotisations de retraite complémentaire`. */
  what: string;
  certificate: Left;
}

const RETRAITE: Fund = {
  sources: ['probtp_conformite_cotisations_retraite'],
  what: 'les cotisations de retraite complémentaire du BTP',
  certificate: {
    piece: "Certificat de cotisations de retraite complémentaire, ou déclaration de n'employer aucun salarié",
    recours: "L'entreprise l'obtient de sa caisse de retraite, dans son espace en ligne.",
  },
};

/** A company belongs to one of the two funds; only CIBTP says that one of its own is not up to date. */
const CONGES_PAYES: Fund = {
  sources: ['cibtp_attestation_conges_payes', 'cnetp_attestation_conges_payes'],
  what: 'les congés payés et le chômage intempéries du BTP',
  certificate: {
    piece: "Certificat de la caisse de congés payés du BTP, ou déclaration de n'employer aucun salarié",
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

function judgeFund(fund: Fund, known: Known): Judgement {
  const pieces = asked(fund.sources, known);
  const refusing = fund.sources.filter((id) => standingOf(id, known) === 'refused');
  if (refusing.length > 0) {
    const who = known.pieces[refusing[0] as string]?.administration;
    return contradicted(`${who} indique que l'entreprise n'est pas à jour pour ${fund.what}.`, refusing);
  }
  const proving = fund.sources.filter((id) => standingOf(id, known) === 'holds');
  if (proving.length > 0) {
    const who = known.pieces[proving[0] as string]?.administration;
    return established(`${who} atteste que l'entreprise est à jour pour ${fund.what}.`, proving);
  }
  const ofBtp = isOfBtp(known);
  if (ofBtp === false) {
    return notApplicable("L'entreprise n'exerce pas dans le bâtiment ni les travaux publics.", [
      'insee_unite_legale',
    ]);
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
  if (pieces.length === 0) return inconclusive(`Nul n'a été interrogé sur ${fund.what}.`, pieces);
  const motif = `Pour ${fund.what}, la caisse interrogée ne connaît pas l'entreprise : cela ne dit rien de sa régularité.`;
  return inconclusive(motif, pieces, fund.certificate);
}
