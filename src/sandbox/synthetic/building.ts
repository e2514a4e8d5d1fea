import { type Answer, DOCUMENT } from '../answer.ts';
import type { SyntheticCompany } from './company.ts';
import { failure, single } from './envelope.ts';
import { documentOf } from './registers.ts';

const worksIn = (company: SyntheticCompany, ...sectors: string[]) =>
  sectors.includes(company.trade.sector) && company.staff > 0 && !company.ceasedOn;

function paper(company: SyntheticCompany, title: string, lifeSeconds: number): Answer {
  const answer = single({ document_url: DOCUMENT, expires_in: lifeSeconds });
  return { ...answer, document: documentOf(company, title) };
}

export function answerPension(company: SyntheticCompany): Answer | null {
  if (!worksIn(company, 'batiment', 'travaux_publics')) return null;
  return single({ eligible: company.paysHolidayFund });
}

export function answerPensionPaper(company: SyntheticCompany): Answer | null {
  if (!worksIn(company, 'batiment', 'travaux_publics') || !company.paysHolidayFund) return null;
  return paper(company, 'Attestation de cotisations de retraite', 86_400);
}

/** The building fund says with a 404 of its own that a company it knows owes it contributions. */
export function answerBuildingFund(company: SyntheticCompany): Answer | null {
  if (!worksIn(company, 'batiment')) return null;
  if (company.paysHolidayFund) return paper(company, 'Certificat congés payés et chômage intempéries', 600);
  const detail = "L'entreprise est connue de la caisse mais n'est pas à jour de ses cotisations.";
  return failure(404, '38422', 'Attestation non disponible', detail, { provider: 'CIBTP' });
}

export function answerPublicWorksFund(company: SyntheticCompany): Answer | null {
  if (!worksIn(company, 'travaux_publics') || !company.paysHolidayFund) return null;
  return paper(company, 'Attestation de congés payés des travaux publics', 86_400);
}

export function answerProfessionalCard(company: SyntheticCompany): Answer | null {
  if (!worksIn(company, 'travaux_publics') || !company.paysHolidayFund) return null;
  return paper(company, 'Carte professionnelle de travaux publics', 86_400);
}
