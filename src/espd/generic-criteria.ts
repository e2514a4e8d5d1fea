import { code, modelId } from './codes.ts';
import { CRITERIA, type CriterionRule } from './criteria.ts';
import { branch, type Element, leaf } from './element.ts';
import type { Facts } from './facts.ts';

type Activation = 'ON*' | 'ONTRUE' | 'ONFALSE';
/** Last part of its identifier, type of its answer, wording. */
type Property = [name: string, type: string, wording: string];

interface Group {
  name: string;
  on: Activation;
  properties: Property[];
  groups?: Group[];
}

/** Of the lot that stands for a whole procedure (BR-LOT-10). */
export const ONLY_LOT = 'LOT-0000';
const CAPTION = 'NONE';

/** The criteria that are answered when the buyer sent none; what the buyer requires is not known then. */
export function genericCriteria(facts: Facts): Element[] {
  return CRITERIA.flatMap((rule) => (rule.generic ? [criterionOf(rule, rule.generic, facts)] : []));
}

function criterionOf(
  rule: CriterionRule,
  { nom, description }: NonNullable<CriterionRule['generic']>,
  facts: Facts,
): Element {
  const isSelection = rule.nature !== 'exclusion';
  return branch('cac:TenderingCriterion', [
    modelId('cbc:ID', rule.uuid),
    code('cbc:CriterionTypeCode', 'criterion', rule.code),
    leaf('cbc:Name', nom),
    leaf('cbc:Description', `${description} (critère générique : l'acheteur n'a pas transmis sa demande)`),
    // Selection criteria must name their lot (BR-LOT-41); exclusion grounds must not (BR-LOT-40).
    isSelection ? branch('cac:ProcurementProjectLotReference', [modelId('cbc:ID', ONLY_LOT)]) : null,
    ...groupsOf(rule, facts).map((group) =>
      groupElement('cac:TenderingCriterionPropertyGroup', rule.prefix, group),
    ),
  ]);
}

function groupElement(
  name: string,
  parent: string,
  { name: own, on, properties, groups = [] }: Group,
): Element {
  const path = `${parent}/${own}`;
  return branch(name, [
    modelId('cbc:ID', path),
    code('cbc:PropertyGroupTypeCode', 'property-group-type', on),
    ...properties.map((property) => propertyElement(path, property)),
    ...groups.map((group) => groupElement('cac:SubsidiaryTenderingCriterionPropertyGroup', path, group)),
  ]);
}

function propertyElement(group: string, [name, type, wording]: Property): Element {
  const kind = type === CAPTION ? 'CAPTION' : 'QUESTION';
  return branch('cac:TenderingCriterionProperty', [
    modelId('cbc:ID', `${group}/${name}`),
    leaf('cbc:Description', wording),
    code('cbc:TypeCode', 'criterion-element-type', kind),
    code('cbc:ValueDataTypeCode', 'response-data-type', type),
  ]);
}

/** As they stand in ESPD-EDM, less what only the buyer or the company can fill. */
function groupsOf(rule: CriterionRule, facts: Facts): Group[] {
  const evidences = facts.evidenceOf(rule).length;
  switch (rule.nature) {
    case 'exclusion':
      return rule.gate?.endsWith('/QG2/Q1')
        ? [yourAnswer('QG1'), onLine('QG2', evidences)]
        : [required('RG1', [yourAnswer('QSG1')]), onLine('QG1', evidences)];
    case 'trade':
    case 'profession':
      return requiredTwice([REGISTRATION, onLine('QSG3', evidences)]);
    case 'turnover':
      return requiredTwice([...turnovers(facts.turnovers?.length ?? 0, evidences), CREATION]);
    case 'headcount':
      return requiredTwice([HEADCOUNT, onLine('QSG3', evidences)]);
    case 'average':
      return [];
  }
}

function required(name: string, groups: Group[]): Group {
  return {
    name,
    on: 'ON*',
    properties: [['CA1', CAPTION, "Exigence de l'acheteur : non transmise"]],
    groups,
  };
}

function requiredTwice(groups: Group[]): Group[] {
  return [required('RG1', [required('RSG1', groups)])];
}

function yourAnswer(name: string): Group {
  return { name, on: 'ON*', properties: [['Q1', 'INDICATOR', 'Votre réponse']] };
}

function onLine(name: string, evidences: number): Group {
  return {
    name,
    on: 'ON*',
    properties: [['Q1', 'INDICATOR', 'Cette information est-elle disponible en ligne ?']],
    groups: repeated('QSG1', evidences, (own) => ({
      name: own,
      on: 'ONTRUE',
      properties: [['Q1', 'EVIDENCE_IDENTIFIER', 'Preuve fournie']],
    })),
  };
}

/** Property groups may be repeated, once at least: the identifiers of those that follow the first say so. */
function repeated(name: string, times: number, groupOf: (name: string) => Group): Group[] {
  return Array.from({ length: Math.max(times, 1) }, (_, at) =>
    groupOf(at === 0 ? name : `${name}-${at + 1}`),
  );
}

const REGISTRATION: Group = {
  name: 'QSG2',
  on: 'ON*',
  properties: [['Q1', 'INDICATOR', 'Votre réponse']],
  groups: [
    { name: 'QSG1', on: 'ONTRUE', properties: [['Q1', 'DESCRIPTION', "Numéro d'inscription"]] },
    {
      name: 'QSG2',
      on: 'ONFALSE',
      properties: [['Q1', 'DESCRIPTION', "Motif de l'absence d'inscription"]],
    },
  ],
};

function turnovers(exercises: number, evidences: number): Group[] {
  return repeated('QSG2', exercises, (name) => ({
    name,
    on: 'ON*',
    properties: [
      ['Q1', 'PERIOD', 'Exercice'],
      ['Q2', 'AMOUNT', "Chiffre d'affaires"],
    ],
    groups: [onLine('QSG1', evidences)],
  }));
}

const CREATION: Group = {
  name: 'QSG3',
  on: 'ON*',
  properties: [['Q1', 'DATE', 'Si trois exercices ne sont pas connus : date de création']],
};

const HEADCOUNT: Group = {
  name: 'QSG2',
  on: 'ON*',
  properties: [
    ['Q1', 'QUANTITY_YEAR', 'Année'],
    ['Q2', 'QUANTITY_INTEGER', 'Effectif moyen'],
  ],
};
