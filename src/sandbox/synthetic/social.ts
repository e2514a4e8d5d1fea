import { type Answer, DOCUMENT, type Question } from '../answer.ts';
import { dayAfter, endOfMonth, endOfVigilance } from '../calendar.ts';
import { monthsAsked } from '../periods.ts';
import type { SyntheticCompany } from './company.ts';
import { failure, single } from './envelope.ts';
import { documentOf } from './registers.ts';

const REFUSED = {
  document_url: null,
  document_url_expires_in: null,
  date_debut_validite: null,
  date_fin_validite: null,
  code_securite: null,
  entity_status: {
    code: 'refus_de_delivrance',
    libelle: "Délivrance de l'attestation refusée par l'Urssaf",
    description: "L'entité n'est pas à jour de ses cotisations sociales.",
  },
};
const DELIVERED = {
  code: 'ok',
  libelle: "Attestation délivrée par l'Urssaf",
  description: "L'entité s'acquitte de ses obligations sociales.",
};

function answerDelivered(company: SyntheticCompany, today: string): Answer {
  const date_debut_validite = dayAfter(today, -1 - (company.grain % 90));
  const date_fin_validite = endOfVigilance(date_debut_validite);
  const code_securite = `FICTIF${company.siren}`;
  const answer = single({
    document_url: DOCUMENT,
    document_url_expires_in: 86_400,
    date_debut_validite,
    date_fin_validite,
    code_securite,
    entity_status: DELIVERED,
  });
  const lines = [`Situation analysée au ${date_debut_validite}`, `Valable jusqu'au ${date_fin_validite}`];
  return { ...answer, document: documentOf(company, 'Attestation de vigilance', ...lines) };
}

function answerAnalysis(): Answer {
  const title = 'Analyse manuelle de la situation du compte en cours';
  const detail = "Un agent de l'Urssaf doit examiner la situation de ce compte avant de pouvoir répondre.";
  return failure(502, '04501', title, detail, { provider: 'ACOSS', retry_in: 172_800 });
}

export function answerVigilance(company: SyntheticCompany, today: string): Answer | null {
  if (company.ceasedOn || company.vigilance === 'inconnue') return null;
  if (company.vigilance === 'refusee') return single(REFUSED);
  return company.vigilance === 'analyse' ? answerAnalysis() : answerDelivered(company, today);
}

const isFarming = ({ trade, ceasedOn }: SyntheticCompany) => trade.sector === 'agricole' && !ceasedOn;

export function answerMsa(company: SyntheticCompany): Answer | null {
  if (!isFarming(company)) return null;
  if (company.grain < 4) return single({ status: 'under_investigation' });
  return single({ status: company.grain < 8 ? 'outdated' : 'up_to_date' });
}

const NATURES = ['moyen', 'boeth', 'ecap', 'assujettissement_oeth'];

/** One row a regime; an unknown nature is read as `moyen`. Bénéficiaires and ECAP are a part of the staff. */
function rowsOf(company: SyntheticCompany, { parameters, today }: Question, period: 'annuel' | 'mensuel') {
  const nature = NATURES.find((name) => name === parameters.nature_effectif) ?? 'moyen';
  const part = nature === 'boeth' || nature === 'ecap' ? 0.06 : 1;
  const own = isFarming(company) ? 'regime_agricole' : 'regime_general';
  return ['regime_general', 'regime_agricole'].map((regime) => ({
    regime,
    nature: `effectif_${nature}_${period}`,
    value: regime === own ? Math.round(100 * part * (company.staff + company.grain / 100)) / 100 : null,
    date_derniere_mise_a_jour: regime === own ? endOfMonth(today, -1) : null,
  }));
}

export function answerYearlyStaff(company: SyntheticCompany, question: Question): Answer | null {
  if (company.staff === 0 || company.ceasedOn) return null;
  const annee = question.parameters.year;
  return single({ siren: company.siren, annee, effectifs_annuel: rowsOf(company, question, 'annuel') });
}

export function answerMonthlyStaff(company: SyntheticCompany, question: Question): Answer | null {
  if (company.staff === 0 || company.ceasedOn) return null;
  const rows = rowsOf(company, question, 'mensuel');
  const effectifs_mensuels = monthsAsked(question).flatMap(({ year, month }) =>
    rows.map((row) => ({ ...row, annee: year, mois: month })),
  );
  return single({ siret: company.siret, effectifs_mensuels });
}

export function answerAgreements({ staff, ceasedOn, trade }: SyntheticCompany): Answer | null {
  if (staff === 0 || ceasedOn) return null;
  const internal_id = `KALICONT${String(trade.idcc).padStart(12, '0')}`;
  const agreement = {
    type: 'convention_collective',
    numero_idcc: trade.idcc,
    titre: `Convention collective nationale : ${trade.agreement}`,
    titre_court: trade.agreement,
    active: true,
    etat: 'vigueur_etendue',
    synonymes: [],
    url: `https://www.legifrance.gouv.fr/affichIDCC.do?idConvention=${internal_id}`,
    date_publication: '1991-04-12',
  };
  return {
    status: 200,
    body: { data: [{ data: agreement, links: {}, meta: { internal_id } }], links: {}, meta: {} },
  };
}
