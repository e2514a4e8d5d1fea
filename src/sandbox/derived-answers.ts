import type { Answer, AnswerQuestion, Question } from './answer.ts';
import { maskPartialDiffusion } from './partial-diffusion.ts';

type Json = Readonly<Record<string, unknown>>;

const dataOf = (answer: Answer) => answer.body.data as Json;

/** The head office is asked by SIREN: the legal unit says which establishment that is. */
function askHeadOffice(ask: AnswerQuestion, question: Question): Answer | null {
  const unit = ask({ ...question, endpoint: 'insee_unite_legale' });
  if (unit?.status !== 200) return unit;
  const identifier = dataOf(unit).siret_siege_social as string;
  return ask({ ...question, endpoint: 'insee_etablissement', identifier });
}

function askAddress(ask: AnswerQuestion, question: Question): Answer | null {
  const establishment = ask({ ...question, endpoint: 'insee_etablissement' });
  if (establishment?.status !== 200) return establishment;
  const { adresse, siret } = dataOf(establishment);
  const links = {
    ...(establishment.body.links as Json),
    etablissement: linkToEstablishment(siret as string),
  };
  const { date_derniere_mise_a_jour } = establishment.body.meta as Json;
  return { status: 200, body: { data: adresse, links, meta: { date_derniere_mise_a_jour } } };
}

function linkToEstablishment(siret: string): string {
  return `https://entreprise.api.gouv.fr/v3/insee/sirene/etablissements/${siret}`;
}

/** The open version of an association leaves out who leads it, its papers and its affiliations. */
function askOpenAssociation(ask: AnswerQuestion, question: Question): Answer | null {
  const answer = ask({ ...question, endpoint: 'djepva_association' });
  if (answer?.status !== 200) return answer;
  const { reseaux_affiliation, documents_rna, etablissements, ...open } = dataOf(answer);
  const openEstablishments = (etablissements as Json[]).map(
    ({ representants_legaux, documents_dac, ...establishment }) => establishment,
  );
  return { status: 200, body: { ...answer.body, data: { ...open, etablissements: openEstablishments } } };
}

function askMasked(ask: AnswerQuestion, question: Question): Answer | null {
  const endpoint = question.endpoint.replace('_diffusible', '');
  const answer = ask({ ...question, endpoint });
  return answer?.status === 200 ? maskPartialDiffusion(answer) : answer;
}

/** Adds to `ask` the answers that follow from others: head office, address, diffusible and open versions. */
export function withDerivedAnswers(ask: AnswerQuestion): AnswerQuestion {
  return function askDerived(question) {
    const { endpoint } = question;
    if (endpoint.endsWith('_diffusible')) return askMasked(askDerived, question);
    if (endpoint === 'insee_siege_social') return askHeadOffice(ask, question);
    if (endpoint === 'insee_adresse') return askAddress(ask, question);
    if (endpoint === 'djepva_association_open_data') return askOpenAssociation(ask, question);
    return ask(question);
  };
}
