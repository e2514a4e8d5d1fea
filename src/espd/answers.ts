import type { CriterionRule } from './criteria.ts';
import type { Evidence, Facts } from './facts.ts';
import {
  isAlwaysOn,
  isEvidenceGate,
  type Question,
  type QuestionGroup,
  typedIn,
  withDescendants,
} from './questions.ts';

/** What is answered to a question: the type of the question says how it is written. */
export interface Answer {
  question: Question;
  value: string;
  /** When the answer is evidence. */
  evidence?: Evidence;
}

const YES = 'true';

/**
 * What administrations know of what a criterion asks. Nothing is ever answered `false`, nor to what asks whether
 * an exclusion ground applies: that is for the company to declare.
 */
export function answersTo(rule: CriterionRule, groups: QuestionGroup[], facts: Facts): Answer[] {
  const all = withDescendants(groups).filter(isAlwaysOn);
  const evidence = facts.evidenceOf(rule);
  switch (rule.nature) {
    case 'exclusion':
      return evidenceOfExclusion(rule, all, evidence);
    case 'trade':
      return registered(all, facts.trade, evidence);
    case 'profession':
      return registered(all, facts.profession, evidence);
    case 'turnover':
      return turnovers(all, facts, evidence);
    case 'average':
      return [...average(all, facts.turnovers), ...suppliedIn(all.filter(isEvidenceGate), evidence)];
    case 'headcount':
      return headcount(all, facts.headcount, evidence);
  }
}

/**
 * Evidence, and that it is on line where the identifier of the question is the one that ESPD-EDM gives it: the
 * shape of a question that a buyer made is not enough to be sure that a yes accuses nobody. The first question
 * of an exclusion ground is always whether it applies.
 */
function evidenceOfExclusion(rule: CriterionRule, groups: QuestionGroup[], evidence: Evidence[]): Answer[] {
  const [first, ...others] = groups.filter((group) => typedIn(group, 'INDICATOR'));
  const gates = others.filter((group) => group !== first && isEvidenceGate(group));
  return suppliedIn(gates, evidence).filter(
    ({ question }) => question.type !== 'INDICATOR' || question.id === rule.gate,
  );
}

function suppliedIn(gates: QuestionGroup[], evidence: Evidence[]): Answer[] {
  return gates.flatMap((gate) => {
    const questions = gate.groups.flatMap((group) => group.questions);
    const supplied = questions.flatMap((question, at) => {
      const one = evidence[at];
      return one ? [{ question, value: one.id, evidence: one }] : [];
    });
    const online = gate.questions[0];
    return online && supplied.length > 0 ? [{ question: online, value: YES }, ...supplied] : [];
  });
}

function registered(groups: QuestionGroup[], number: string | null, evidence: Evidence[]): Answer[] {
  if (number === null) return [];
  for (const group of groups) {
    const question = typedIn(group, 'INDICATOR');
    const whenTrue = group.groups.find(({ on, questions }) => on === 'ONTRUE' && questions.length === 1);
    const field = whenTrue && typedIn(whenTrue, 'DESCRIPTION', 'IDENTIFIER');
    const isAsked = group.groups.some(({ on }) => on === 'ONFALSE');
    if (question && field && isAsked) {
      return [
        { question, value: YES },
        { question: field, value: number },
        ...suppliedIn(groups.filter(isEvidenceGate), evidence),
      ];
    }
  }
  return [];
}

const EXERCISES = 3;

function turnovers(groups: QuestionGroup[], facts: Facts, evidence: Evidence[]): Answer[] {
  const known = facts.turnovers;
  if (known === null) return [];
  const slots = groups.filter((group) => typedIn(group, 'PERIOD') && typedIn(group, 'AMOUNT'));
  const answered = slots.slice(0, known.length);
  const amounts = answered.flatMap((slot, at) => {
    const { until, euros } = known[at] as (typeof known)[0];
    return [...answer(slot, 'PERIOD', until), ...answer(slot, 'AMOUNT', String(euros))];
  });
  // Of what it is inside: an exercise that is answered, or none; a date of creation has evidence of its own.
  const isOfTurnover = ({ parent }: QuestionGroup) =>
    parent === null || answered.includes(parent) || parent.questions.length === 0;
  const gates = groups.filter((group) => isEvidenceGate(group) && isOfTurnover(group));
  return [
    ...amounts,
    ...creation(groups, facts),
    ...(answered.length > 0 ? suppliedIn(gates, evidence) : []),
  ];
}

/** Asked of a company whose accounts are too few. */
function creation(groups: QuestionGroup[], { turnovers, createdOn }: Facts): Answer[] {
  if (createdOn === null || turnovers === null || turnovers.length >= EXERCISES) return [];
  const group = groups.find(({ questions }) => questions.length === 1 && questions[0]?.type === 'DATE');
  return group ? answer(group, 'DATE', createdOn) : [];
}

/** Of the exercises that are known, whose number is answered with it. */
function average(groups: QuestionGroup[], known: Facts['turnovers']): Answer[] {
  const group = groups.find((group) => typedIn(group, 'QUANTITY_INTEGER') && typedIn(group, 'AMOUNT'));
  if (!group || known === null || known.length === 0) return [];
  const sum = known.reduce((total, { euros }) => total + euros, 0);
  return [
    ...answer(group, 'QUANTITY_INTEGER', String(known.length)),
    ...answer(group, 'AMOUNT', String(Math.round(sum / known.length))),
  ];
}

function headcount(groups: QuestionGroup[], known: Facts['headcount'], evidence: Evidence[]): Answer[] {
  const slot = groups.find((group) => typedIn(group, 'QUANTITY_YEAR') && typedIn(group, 'QUANTITY_INTEGER'));
  if (!slot || known === null) return [];
  const gates = groups.filter(
    (group) => isEvidenceGate(group) && (group.parent === slot || !isAskedIn(group)),
  );
  return [
    ...answer(slot, 'QUANTITY_YEAR', known.year),
    ...answer(slot, 'QUANTITY_INTEGER', String(known.persons)),
    ...suppliedIn(gates, evidence),
  ];
}

/** Whether it belongs to the answer about one year. */
function isAskedIn({ parent }: QuestionGroup): boolean {
  return parent !== null && typedIn(parent, 'QUANTITY_YEAR') !== undefined;
}

function answer(group: QuestionGroup, type: string, value: string): Answer[] {
  const question = typedIn(group, type);
  return question ? [{ question, value }] : [];
}
