import { childrenOf, type Element, textAt } from './element.ts';

/** A property that expects an answer from the company. */
export interface Question {
  id: string;
  /** Type of the answer, as the criterion names it. */
  type: string;
}

export interface QuestionGroup {
  /** What its parent's answer must be for it to be answered: `ON*` says nothing. */
  on: string;
  parent: QuestionGroup | null;
  questions: Question[];
  groups: QuestionGroup[];
}

/**
 * The questions of a criterion, less those of the national criteria inside it, of which no administration holds
 * anything.
 */
export function questionsOf(criterion: Element): QuestionGroup[] {
  return childrenOf(criterion, 'cac:TenderingCriterionPropertyGroup').map((group) => groupOf(group, null));
}

function groupOf(element: Element, parent: QuestionGroup | null): QuestionGroup {
  const group: QuestionGroup = {
    on: textAt(element, 'cbc:PropertyGroupTypeCode'),
    parent,
    questions: childrenOf(element, 'cac:TenderingCriterionProperty').flatMap(questionOf),
    groups: [],
  };
  group.groups = childrenOf(element, 'cac:SubsidiaryTenderingCriterionPropertyGroup').map((child) =>
    groupOf(child, group),
  );
  return group;
}

function questionOf(property: Element): Question[] {
  if (textAt(property, 'cbc:TypeCode') !== 'QUESTION') return [];
  return [{ id: textAt(property, 'cbc:ID'), type: textAt(property, 'cbc:ValueDataTypeCode') }];
}

/** In the order of the document. */
export function withDescendants(groups: readonly QuestionGroup[]): QuestionGroup[] {
  return groups.flatMap((group) => [group, ...withDescendants(group.groups)]);
}

/** Whether it is answered whatever else is. */
export function isAlwaysOn({ on, parent }: QuestionGroup): boolean {
  return on === 'ON*' && (parent === null || isAlwaysOn(parent));
}

export function typedIn({ questions }: QuestionGroup, ...types: string[]): Question | undefined {
  return questions.find(({ type }) => types.includes(type));
}

/** Whether the one question of a group is whether evidence is on line: a yes asks for evidence, and nothing else. */
export function isEvidenceGate({ questions, groups }: QuestionGroup): boolean {
  const asksEvidence = ({ on, questions, groups }: QuestionGroup) =>
    on === 'ONTRUE' &&
    groups.length === 0 &&
    questions.length > 0 &&
    questions.every(({ type }) => type === 'EVIDENCE_IDENTIFIER');
  const [only, ...others] = questions;
  const isOnlyAsked = only?.type === 'INDICATOR' && others.length === 0;
  return isOnlyAsked && groups.length > 0 && groups.every(asksEvidence);
}
