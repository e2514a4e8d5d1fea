import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { PROFILE, UBL_VERSION } from './codes.ts';
import { childOf, childrenOf, type Element, textAt } from './element.ts';

/** What is copied, or referred to, of a request; null for what it does not say. */
export interface EspdRequest {
  id: Element;
  uuid: Element | null;
  contractFolder: Element | null;
  procedure: Element | null;
  contractingParty: Element | null;
  project: Element | null;
  lots: Element[];
  criteria: Element[];
}

/** Why a request is not read, in a sentence that says what to change. */
export interface RequestFault {
  fault: string;
}

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:';
const ROOT = 'QualificationApplicationRequest';
const ROOT_NAMESPACE = `${UBL}${ROOT}-2`;
/** What is read of a document: the rest, extensions and foreign names, is left out. */
const PREFIXES: Record<string, string> = {
  [`${UBL}CommonAggregateComponents-2`]: 'cac:',
  [`${UBL}CommonBasicComponents-2`]: 'cbc:',
  [ROOT_NAMESPACE]: '',
};
/** The whole set of criteria of ESPD-EDM takes some 25,000 tags. */
const MAX_TAGS = 60_000;
/** Groups of questions are nested ten deep at the most. */
const MAX_DEPTH = 40;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: true,
  // Numeric references; a document has no other entity, since it declares none.
  htmlEntities: true,
  maxNestedTags: MAX_DEPTH,
});

/** Reads the request of a buyer, whoever wrote it. @param body as it came, bounded in size */
export function readRequest(body: Buffer): EspdRequest | RequestFault {
  const text = textIn(body);
  if (text === null) return { fault: 'Le document est à envoyer en UTF-8.' };
  const fault = faultIn(text);
  if (fault !== null) return { fault };
  const root = treeOf(text);
  if (root === null) {
    return { fault: "Le document n'est pas un XML bien formé, à une seule racine et peu imbriqué." };
  }
  const misfit = misfitOf(root);
  return misfit === null ? requestIn(root) : { fault: misfit };
}

function textIn(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

/** What can be told before anything is built. */
function faultIn(text: string): string | null {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) {
    return 'Le document ne peut contenir ni DOCTYPE, ni entité : retirez-les.';
  }
  let tags = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    if (++tags > MAX_TAGS) return `Le document compte plus de ${MAX_TAGS} balises.`;
  }
  const validity = XMLValidator.validate(text);
  return validity === true ? null : `Le document n'est pas un XML bien formé : ligne ${validity.err.line}.`;
}

type Node = Record<string, Node[] | string | Record<string, string>>;
/** Prefixes that an element declares, and those of the element around it: copied at each, they would multiply. */
interface Scope {
  declared: ReadonlyMap<string, string>;
  outer: Scope | null;
}

function treeOf(text: string): Element | null {
  try {
    const nodes = (parser.parse(text) as Node[]).filter((node) => !('#text' in node));
    const [only, ...others] = nodes;
    return only && others.length === 0 ? elementOf(only, null) : null;
  } catch {
    // The parser refuses by throwing: depth, names that it holds for dangerous, comments left open.
    return null;
  }
}

/** Null for what is not of the vocabulary. */
function elementOf(node: Node, outer: Scope | null): Element | null {
  const tag = Object.keys(node).find((key) => key !== ':@') ?? '';
  const given = (node[':@'] ?? {}) as Record<string, string>;
  const scope = scopeIn(given, outer);
  const [local, prefix = ''] = tag.split(':').reverse() as [string, string?];
  const known = PREFIXES[namespaceOf(prefix, scope)];
  if (known === undefined) return null;
  const inside = (node[tag] ?? []) as Node[];
  return {
    name: `${known}${local}`,
    attributes: Object.fromEntries(Object.entries(given).filter(([name]) => !/^xmlns$|:/.test(name))),
    text: inside.map((child) => (typeof child['#text'] === 'string' ? child['#text'] : '')).join(''),
    children: inside.flatMap((child) => ('#text' in child ? [] : (elementOf(child, scope) ?? []))),
  };
}

function scopeIn(attributes: Record<string, string>, outer: Scope | null): Scope | null {
  const declared = Object.entries(attributes).filter(([name]) => /^xmlns(:|$)/.test(name));
  if (declared.length === 0) return outer;
  return { declared: new Map(declared.map(([name, uri]) => [name.slice(6), uri])), outer };
}

/** Empty for a prefix that nothing declares. */
function namespaceOf(prefix: string, scope: Scope | null): string {
  for (let at = scope; at; at = at.outer) {
    const uri = at.declared.get(prefix);
    if (uri !== undefined) return uri;
  }
  return '';
}

function misfitOf(root: Element): string | null {
  if (root.name !== ROOT) {
    return `La racine du document est ${ROOT}, de l'espace de noms « ${ROOT_NAMESPACE} ».`;
  }
  if (textAt(root, 'cbc:UBLVersionID') !== UBL_VERSION) return `cbc:UBLVersionID vaut « ${UBL_VERSION} ».`;
  if (textAt(root, 'cbc:ProfileExecutionID') !== PROFILE) {
    return `cbc:ProfileExecutionID vaut « ${PROFILE} » : les autres versions de la demande ne sont pas lues.`;
  }
  if (textAt(root, 'cbc:ID') === '') return 'La demande porte un identifiant, cbc:ID.';
  if (!childOf(root, 'cac:TenderingCriterion')) {
    return 'La demande porte au moins un critère, cac:TenderingCriterion.';
  }
  return null;
}

function requestIn(root: Element): EspdRequest {
  const one = (name: string) => childOf(root, name) ?? null;
  return {
    id: one('cbc:ID') as Element,
    uuid: one('cbc:UUID'),
    contractFolder: one('cbc:ContractFolderID'),
    procedure: one('cbc:ProcedureCode'),
    contractingParty: one('cac:ContractingParty'),
    project: one('cac:ProcurementProject'),
    lots: childrenOf(root, 'cac:ProcurementProjectLot'),
    criteria: childrenOf(root, 'cac:TenderingCriterion'),
  };
}
