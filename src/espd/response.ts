import { parisTimeOf } from '../dossier/time.ts';
import { answerElement } from './answer-elements.ts';
import { type Answer, answersTo } from './answers.ts';
import { code, EDM_VERSION, GATEWAY, id, modelId, PROFILE, UBL_VERSION } from './codes.ts';
import { ruleOf } from './criteria.ts';
import { branch, type Element, leaf, textAt } from './element.ts';
import { type Evidence, type Examined, type Facts, factsOf } from './facts.ts';
import { genericCriteria, ONLY_LOT } from './generic-criteria.ts';
import { type Buyer, contractingParty, economicOperator, issuer, type Role, servedBy } from './parties.ts';
import { questionsOf } from './questions.ts';
import type { EspdRequest } from './read-request.ts';
import { xmlOf } from './write-xml.ts';

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:';

export interface Responding extends Examined {
  buyer: Buyer;
  /** Number of the procedure. */
  object: string;
  role: Role;
  /** What the buyer asks; null when it sent nothing. */
  request: EspdRequest | null;
  /** Of the lot of the request that is answered. */
  lot: Element | null;
  /** Version 4. */
  uuid: string;
  /** Epoch milliseconds. */
  atMs: number;
}

/** An ESPD response (ESPD-EDM, on UBL 2.3), in the order of its schema: whole, and for the company to confirm. */
export function espdResponseOf(responding: Responding): string {
  const { dossier, buyer, object, role, request, lot, baseUrl } = responding;
  const facts = factsOf(responding);
  const criteria = request?.criteria ?? genericCriteria(facts);
  const answers = answersIn(criteria, facts);
  const root = branch('QualificationApplicationResponse', [
    ...headOf(responding),
    request?.contractingParty
      ? servedBy(request.contractingParty, baseUrl)
      : contractingParty(buyer, baseUrl),
    economicOperator(dossier, role, facts.size),
    request?.project ?? branch('cac:ProcurementProject', [leaf('cbc:Name', object)]),
    lot ?? branch('cac:ProcurementProjectLot', [modelId('cbc:ID', ONLY_LOT)]),
    ...criteria,
    ...answers.map(answerElement),
    request ? referenceTo(request) : null,
    ...evidenceIn(answers).map(evidenceElement),
  ]);
  return xmlOf({ ...root, attributes: namespaces(root.name) });
}

function namespaces(name: string): Element['attributes'] {
  return {
    xmlns: `${NAMESPACE}${name}-2`,
    'xmlns:cac': `${NAMESPACE}CommonAggregateComponents-2`,
    'xmlns:cbc': `${NAMESPACE}CommonBasicComponents-2`,
  };
}

function headOf({ request, object, uuid, atMs }: Responding): (Element | null)[] {
  const at = parisTimeOf(atMs);
  const agency = { schemeAgencyID: GATEWAY };
  return [
    leaf('cbc:UBLVersionID', UBL_VERSION, { schemeAgencyID: 'OASIS-UBL-TC' }),
    leaf('cbc:ProfileExecutionID', PROFILE, { schemeAgencyID: 'OP', schemeVersionID: EDM_VERSION }),
    id(`ESPD-${uuid}`, GATEWAY),
    leaf('cbc:CopyIndicator', 'false'),
    leaf('cbc:UUID', uuid, { schemeID: 'ISO/IEC 9834-8:2008 - 4UUID', ...agency, schemeVersionID: '4' }),
    request?.contractFolder ?? leaf('cbc:ContractFolderID', object, agency),
    leaf('cbc:IssueDate', at.toPlainDate().toString()),
    leaf('cbc:IssueTime', `${at.toPlainTime().toString({ smallestUnit: 'second' })}${at.offset}`),
    leaf('cbc:VersionID', '1', agency),
    request?.procedure ?? null,
  ];
}

/** At most one answer a property (BR-TCR-01): a second of that name is left alone. */
function answersIn(criteria: readonly Element[], facts: Facts): Answer[] {
  const answered = new Set<string>();
  return criteria.flatMap((criterion) => {
    const rule = ruleOf(textAt(criterion, 'cbc:ID'));
    const answers = rule ? answersTo(rule, questionsOf(criterion), facts) : [];
    return answers.filter(({ question }) => {
      const isNew = question.id !== '' && !answered.has(question.id);
      answered.add(question.id);
      return isNew;
    });
  });
}

function evidenceIn(answers: readonly Answer[]): Evidence[] {
  const all = answers.flatMap(({ evidence }) => (evidence ? [evidence] : []));
  return [...new Map(all.map((evidence) => [evidence.id, evidence])).values()];
}

function evidenceElement({ id: evidenceId, uri, access, administration }: Evidence): Element {
  return branch('cac:Evidence', [
    id(evidenceId, GATEWAY),
    code('cbc:ConfidentialityLevelCode', 'access-right', access),
    branch('cac:DocumentReference', [
      id(evidenceId, GATEWAY),
      branch('cac:Attachment', [branch('cac:ExternalReference', [leaf('cbc:URI', uri)])]),
      issuer(administration),
    ]),
  ]);
}

function referenceTo({ id: requestId, uuid }: EspdRequest): Element {
  return branch('cac:AdditionalDocumentReference', [
    requestId,
    uuid,
    code('cbc:DocumentTypeCode', 'docrefcontent-type', 'ESPD_REQUEST'),
  ]);
}
