import type { Answer, AnswerQuestion, Question } from './answer.ts';
import { withDerivedAnswers } from './derived-answers.ts';
import { isPublished } from './periods.ts';
import { createAnswerByPersona } from './personas.ts';
import { answerBySynthesis } from './synthetic-company.ts';

/** ADEME gives at most `limit` certificates (1000 when absent). */
function withinLimit(answer: Answer, { endpoint, parameters }: Question): Answer {
  if (endpoint !== 'ademe_certification_rge' || !Array.isArray(answer.body.data)) return answer;
  const data = answer.body.data.slice(0, Number(parameters.limit ?? 1000));
  return { ...answer, body: { ...answer.body, data } };
}

/**
 * Answers for every company there is: a persona of `fixturesDir` when it owns the identifier, else a company made
 * up from the digits of a valid SIREN or SIRET. Null when nobody is known by it, and always for one that begins
 * with `000` and is no persona's.
 */
export function createAnswerQuestion({ fixturesDir }: { fixturesDir: string | URL }): AnswerQuestion {
  const answerByPersona = createAnswerByPersona(fixturesDir);
  return withDerivedAnswers((question) => {
    if (!isPublished(question)) return null;
    const answer = answerByPersona(question) ?? answerBySynthesis(question);
    return answer && withinLimit(answer, question);
  });
}
