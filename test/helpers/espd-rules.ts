import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as a reader of the document meets it. */
export interface Read {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Read[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
});

type Node = Record<string, unknown>;

export function readXml(xml: string): Read {
  const validity = XMLValidator.validate(xml);
  if (validity !== true) throw new Error(`not well formed: ${validity.err.msg}`);
  const [root] = parser.parse(xml) as Node[];
  return readNode(root as Node);
}

function readNode(node: Node): Read {
  const name = Object.keys(node).find((key) => key !== ':@') as string;
  const inside = node[name] as Node[];
  return {
    name,
    attributes: (node[':@'] ?? {}) as Record<string, string>,
    text: inside.map((child) => String(child['#text'] ?? '')).join(''),
    children: inside.filter((child) => !('#text' in child)).map(readNode),
  };
}

/** Of every element inside, itself included. */
export function everyElement(read: Read): Read[] {
  return [read, ...read.children.flatMap(everyElement)];
}

export function all(read: Read, name: string): Read[] {
  return everyElement(read).filter((one) => one.name === name);
}

/** Texts of the ends of a path of children. */
export function at(read: Read, ...path: string[]): string[] {
  const ends = path.reduce<Read[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [read],
  );
  return ends.map(({ text }) => text);
}

/** What UBL 2.3 allows in the elements that we write, in its order. */
const SEQUENCES: Record<string, string> = {
  QualificationApplicationResponse:
    'cbc:UBLVersionID cbc:CustomizationID cbc:ProfileID cbc:ProfileExecutionID cbc:ID cbc:CopyIndicator cbc:UUID cbc:ContractFolderID cbc:IssueDate cbc:IssueTime cbc:EconomicOperatorGroupName cbc:VersionID cbc:PreviousVersionID cbc:ProcedureCode cbc:QualificationApplicationTypeCode cac:ContractingParty cac:EconomicOperatorParty cac:ProcurementProject cac:ProcurementProjectLot cac:TenderingCriterion cac:TenderingCriterionResponse cac:AdditionalDocumentReference cac:Evidence',
  'cac:ContractingParty': 'cbc:BuyerProfileURI cac:ContractingPartyType cac:ContractingActivity cac:Party',
  'cac:EconomicOperatorParty': 'cac:QualifyingParty cac:EconomicOperatorRole cac:Party',
  'cac:Party':
    'cbc:WebsiteURI cbc:LogoReferenceID cbc:EndpointID cbc:IndustryClassificationCode cac:PartyIdentification cac:PartyName cac:Language cac:PostalAddress cac:PhysicalLocation cac:PartyTaxScheme cac:PartyLegalEntity cac:Contact cac:Person cac:AgentParty cac:ServiceProviderParty cac:PowerOfAttorney cac:FinancialAccount',
  'cac:ServiceProviderParty': 'cbc:ID cbc:ServiceTypeCode cbc:ServiceType cac:Party cac:SellerContact',
  'cac:PostalAddress':
    'cbc:StreetName cbc:AdditionalStreetName cbc:BuildingName cbc:BuildingNumber cbc:CityName cbc:PostalZone cbc:CountrySubentity cac:Country',
  'cac:PartyLegalEntity': 'cbc:RegistrationName cbc:CompanyID',
  'cac:TenderingCriterion':
    'cbc:ID cbc:CriterionTypeCode cbc:Name cbc:Description cac:ProcurementProjectLotReference cac:SubTenderingCriterion cac:Legislation cac:TenderingCriterionPropertyGroup',
  'cac:TenderingCriterionPropertyGroup':
    'cbc:ID cbc:Name cbc:Description cbc:PropertyGroupTypeCode cac:TenderingCriterionProperty cac:SubsidiaryTenderingCriterionPropertyGroup',
  'cac:SubsidiaryTenderingCriterionPropertyGroup':
    'cbc:ID cbc:Name cbc:Description cbc:PropertyGroupTypeCode cac:TenderingCriterionProperty cac:SubsidiaryTenderingCriterionPropertyGroup',
  'cac:TenderingCriterionProperty':
    'cbc:ID cbc:Name cbc:Description cbc:TypeCode cbc:ValueDataTypeCode cbc:ExpectedID cbc:ExpectedAmount cbc:ExpectedCode cbc:ExpectedValueNumeric cbc:ExpectedDescription cbc:MinimumAmount',
  'cac:TenderingCriterionResponse':
    'cbc:ID cbc:Name cbc:Description cbc:ValidatedCriterionPropertyID cbc:ConfidentialityLevelCode cac:ResponseValue cac:ApplicablePeriod cac:EvidenceSupplied',
  'cac:ResponseValue':
    'cbc:ID cbc:Description cbc:ResponseAmount cbc:ResponseCode cbc:ResponseDate cbc:ResponseID cbc:ResponseIndicator cbc:ResponseQuantity cbc:ResponseURI',
  'cac:ApplicablePeriod': 'cbc:StartDate cbc:EndDate',
  'cac:EvidenceSupplied': 'cbc:ID',
  'cac:AdditionalDocumentReference': 'cbc:ID cbc:UUID cbc:IssueDate cbc:DocumentTypeCode',
  'cac:Evidence': 'cbc:ID cbc:ConfidentialityLevelCode cac:EvidenceIssuingParty cac:DocumentReference',
  'cac:DocumentReference': 'cbc:ID cbc:DocumentDescription cac:Attachment cac:IssuerParty',
};

const HEAD = [
  'cbc:ID',
  'cbc:UUID',
  'cbc:ContractFolderID',
  'cbc:IssueDate',
  'cbc:IssueTime',
  'cbc:VersionID',
];
const ROLES = ['sole-tenderer', 'group-lead', 'group-mem', 'subcont', 'oeron'];
const VALUES: Record<string, string> = {
  INDICATOR: 'cbc:ResponseIndicator',
  AMOUNT: 'cbc:ResponseAmount',
  DATE: 'cbc:ResponseDate',
  DESCRIPTION: 'cbc:Description',
  IDENTIFIER: 'cbc:ResponseID',
  QUANTITY_INTEGER: 'cbc:ResponseQuantity',
  QUANTITY_YEAR: 'cbc:ResponseQuantity',
};

interface Property {
  id: string;
  type: string;
  kind: string;
  /** The answer that the property waits for, and to which: of the groups that hold it. */
  conditions: { on: string; indicators: string[] }[];
}

/** Every property of a criterion, those of national criteria included. */
export function propertiesOf(criterion: Read): Property[] {
  const inGroup = (group: Read, conditions: Property['conditions'], parent: string[]): Property[] => {
    const on = at(group, 'cbc:PropertyGroupTypeCode')[0] ?? '';
    const here = on === 'ON*' ? conditions : [...conditions, { on, indicators: parent }];
    const own = group.children.filter(({ name }) => name === 'cac:TenderingCriterionProperty');
    const read = own.map((property) => ({
      id: at(property, 'cbc:ID')[0] ?? '',
      type: at(property, 'cbc:ValueDataTypeCode')[0] ?? '',
      kind: at(property, 'cbc:TypeCode')[0] ?? '',
      conditions: here,
    }));
    const indicators = read.filter(({ type }) => type === 'INDICATOR').map(({ id }) => id);
    return [...read, ...groupsIn(group).flatMap((child) => inGroup(child, here, indicators))];
  };
  const national = all(criterion, 'cac:SubTenderingCriterion').flatMap(groupsIn);
  return [...groupsIn(criterion), ...national].flatMap((group) => inGroup(group, [], []));
}

function groupsIn({ children }: Read): Read[] {
  return children.filter(({ name }) => name.endsWith('TenderingCriterionPropertyGroup'));
}

interface Response {
  property: string;
  values: Read[];
}

function responsesIn(root: Read): Response[] {
  return all(root, 'cac:TenderingCriterionResponse').map((response) => ({
    property: at(response, 'cbc:ValidatedCriterionPropertyID')[0] ?? '',
    values: response.children.filter(({ name }) => name.startsWith('cac:')),
  }));
}

export function responseTo(root: Read, property: string): Read | undefined {
  return responsesIn(root).find((response) => response.property === property)?.values[0];
}

export const EXCLUSION =
  /^(crime-org|corruption|fraud|terr-offence|finan-laund|human-traffic|tax-pay|socsec-pay|envir-law|socsec-law|labour-law|bankruptcy|insolvency|cred-arran|bankr-nat|liq-admin|susp-act|prof-misconduct|distorsion|partic-confl|prep-confl|sanction|misrepresent|nati-ground)$/;

function isExclusion(criterion: Read): boolean {
  return EXCLUSION.test(at(criterion, 'cbc:CriterionTypeCode')[0] ?? '');
}

/** Whether each element that is read is where UBL wants it. */
function orderFaults(root: Read): string[] {
  return everyElement(root).flatMap(({ name, children }) => {
    const sequence = SEQUENCES[name]?.split(' ');
    if (!sequence) return [];
    const places = children.map((child) => sequence.indexOf(child.name));
    const unknown = children.filter((_, i) => places[i] === -1).map((child) => `${name}/${child.name}`);
    const isOrdered = places.every((place, i) => i === 0 || (places[i - 1] as number) <= place);
    return isOrdered ? unknown : [...unknown, `order of ${name}`];
  });
}

/** Rules of ESPD-EDM 4.1.0 and of UBL 2.3, by name: each gives what is wrong. */
export const RULES: Record<string, (root: Read) => string[]> = {
  'elements are those of UBL 2.3, in its order': orderFaults,
  'no element is empty': (root) =>
    everyElement(root)
      .filter(({ children, text }) => children.length === 0 && text.trim() === '')
      .map(({ name }) => name),
  'UBL 2.3 and ESPD-EDM 4.1.0 are named, each by its agency (BR-OTH-05)': (root) => {
    const named = (name: string) => root.children.find((child) => child.name === name);
    const [ubl, edm] = [named('cbc:UBLVersionID'), named('cbc:ProfileExecutionID')];
    return [
      ...(ubl?.text === '2.3' && ubl.attributes.schemeAgencyID === 'OASIS-UBL-TC' ? [] : ['UBLVersionID']),
      ...(edm?.text === 'ESPD-EDMv4.1.0' &&
      edm.attributes.schemeAgencyID === 'OP' &&
      edm.attributes.schemeVersionID === '4.1.0'
        ? []
        : ['ProfileExecutionID']),
    ];
  },
  'the head is whole, its UUID of version 4, its time with an offset': (root) => {
    const missing = HEAD.filter((name) => at(root, name).length !== 1);
    const isUuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
    const uuid = root.children.find(({ name }) => name === 'cbc:UUID');
    const isNamed = uuid?.attributes.schemeID === 'ISO/IEC 9834-8:2008 - 4UUID' && isUuid.test(uuid.text);
    const isTimed = /^\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(at(root, 'cbc:IssueTime')[0] ?? '');
    return [...missing, ...(isNamed ? [] : ['UUID']), ...(isTimed ? [] : ['IssueTime'])];
  },
  'every code names its list, its agency and its version (BR-OTH-01)': (root) =>
    everyElement(root)
      .filter(({ name }) => /^cbc:\w+Code$/.test(name))
      .filter(({ attributes: a }) => !a.listID || !a.listAgencyID || !a.listVersionID)
      .map(({ name, text }) => `${name} ${text}`),
  'every identifier names its agency (BR-OTH-02)': (root) =>
    all(root, 'cbc:ID')
      .filter(({ attributes }) => !attributes.schemeAgencyID)
      .map(({ text }) => text),
  'there is exactly one lot, and it is named (BR-LOT-10)': (root) =>
    at(root, 'cac:ProcurementProjectLot', 'cbc:ID').length === 1 ? [] : ['lots'],
  'selection criteria name their lot, exclusion grounds none (BR-LOT-40, BR-LOT-41)': (root) =>
    all(root, 'cac:TenderingCriterion')
      .filter(
        (one) => isExclusion(one) === at(one, 'cac:ProcurementProjectLotReference', 'cbc:ID').length > 0,
      )
      .map((one) => at(one, 'cbc:CriterionTypeCode')[0] ?? ''),
  'the operator has a role, an identifier, a name and the country FRA': (root) => {
    const party = ['cac:EconomicOperatorParty', 'cac:Party'];
    const [role = ''] = at(root, 'cac:EconomicOperatorParty', 'cac:EconomicOperatorRole', 'cbc:RoleCode');
    const faults = [
      ROLES.includes(role),
      /^\d{14}$/.test(at(root, ...party, 'cac:PartyIdentification', 'cbc:ID')[0] ?? ''),
      at(root, ...party, 'cac:PartyName', 'cbc:Name').length === 1,
      at(root, ...party, 'cac:PostalAddress', 'cac:Country', 'cbc:IdentificationCode')[0] === 'FRA',
    ];
    return faults.flatMap((isRight, i) => (isRight ? [] : [`operator ${i}`]));
  },
  'the gateway is named as who prefilled': (root) => {
    const path = ['cac:ContractingParty', 'cac:Party', 'cac:ServiceProviderParty', 'cac:Party'];
    const isNamed = at(root, ...path, 'cac:PartyName', 'cbc:Name')[0] === 'Dites-le-nous une fois';
    return isNamed && at(root, ...path, 'cbc:EndpointID').length === 1 ? [] : ['ServiceProviderParty'];
  },
  'each criterion has an identifier, a type, a name and a description': (root) =>
    all(root, 'cac:TenderingCriterion').flatMap((criterion) =>
      ['cbc:ID', 'cbc:CriterionTypeCode', 'cbc:Name', 'cbc:Description'].filter(
        (name) => at(criterion, name).length !== 1,
      ),
    ),
  'each property has an identifier of its own': (root) => {
    const ids = all(root, 'cac:TenderingCriterion')
      .flatMap(propertiesOf)
      .map(({ id }) => id);
    return ids.filter((id, i) => id === '' || ids.indexOf(id) !== i);
  },
  'each answer is to a question of the document, which has one answer at the most (BR-TCR-01)': (root) => {
    const questions = new Set(
      all(root, 'cac:TenderingCriterion')
        .flatMap(propertiesOf)
        .filter(({ kind }) => kind === 'QUESTION')
        .map(({ id }) => id),
    );
    const answered = responsesIn(root).map(({ property }) => property);
    return answered.filter((id, i) => !questions.has(id) || answered.indexOf(id) !== i);
  },
  'each answer is one value, one period or one evidence (BR-TCR-03)': (root) =>
    responsesIn(root)
      .filter(
        ({ values: [value, ...others] }) =>
          !value ||
          others.length > 0 ||
          value.children.filter(({ name }) => name !== 'cbc:ID' || value.name === 'cac:EvidenceSupplied')
            .length !== 1,
      )
      .map(({ property }) => property),
  'each answer is of the type that its question asks (BR-TCR-08)': (root) => {
    const types = new Map(
      all(root, 'cac:TenderingCriterion')
        .flatMap(propertiesOf)
        .map(({ id, type }) => [id, type]),
    );
    return responsesIn(root)
      .filter(({ property, values: [value] }) => {
        const type = types.get(property) ?? '';
        if (type === 'PERIOD') return value?.name !== 'cac:ApplicablePeriod';
        if (type === 'EVIDENCE_IDENTIFIER') return value?.name !== 'cac:EvidenceSupplied';
        const given = value?.children.find(({ name }) => name !== 'cbc:ID');
        const isYear = given?.attributes.unitCode === 'YEAR';
        const hasCurrency = given?.attributes.currencyID === 'EUR';
        return (
          given?.name !== VALUES[type] ||
          isYear !== (type === 'QUANTITY_YEAR') ||
          hasCurrency !== (type === 'AMOUNT')
        );
      })
      .map(({ property }) => property);
  },
  'nothing is answered that another answer rules out (BR-TCR-06, BR-TCR-07)': (root) => {
    const isTold = (id: string, value: string) =>
      responseTo(root, id)?.children.some(({ text }) => text === value);
    return all(root, 'cac:TenderingCriterion')
      .flatMap(propertiesOf)
      .filter(({ id, conditions }) => responseTo(root, id) && conditions.length > 0)
      .filter(({ conditions }) =>
        conditions.some(({ on, indicators }) =>
          indicators.some((id) => isTold(id, on === 'ONTRUE' ? 'false' : 'true')),
        ),
      )
      .map(({ id }) => id);
  },
  'each evidence that an answer names is described once, and each that is described is named (BR-TCR-09)': (
    root,
  ) => {
    const described = all(root, 'cac:Evidence').map((evidence) => at(evidence, 'cbc:ID')[0] ?? '');
    const named = new Set(all(root, 'cac:EvidenceSupplied').map((one) => at(one, 'cbc:ID')[0] ?? ''));
    return [
      ...[...named].filter((id) => described.filter((one) => one === id).length !== 1),
      ...described.filter((id) => !named.has(id)),
    ];
  },
  'each evidence says how confidential it is, where it is and who issued it': (root) =>
    all(root, 'cac:Evidence').flatMap((evidence) => {
      const reference = ['cac:DocumentReference'];
      const [level = ''] = at(evidence, 'cbc:ConfidentialityLevelCode');
      const uri = at(evidence, ...reference, 'cac:Attachment', 'cac:ExternalReference', 'cbc:URI')[0] ?? '';
      const isIssued = [
        ['cac:PartyIdentification', 'cbc:ID'],
        ['cac:PartyName', 'cbc:Name'],
      ].every((path) => at(evidence, ...reference, 'cac:IssuerParty', ...path).length === 1);
      const isWhole = /^(PUBLIC|RESTRICTED)$/.test(level) && URL.canParse(uri) && isIssued;
      return isWhole ? [] : [at(evidence, 'cbc:ID')[0] ?? ''];
    }),
  'no exclusion ground is answered: at the most, that evidence is on line': (root) =>
    all(root, 'cac:TenderingCriterion')
      .filter(isExclusion)
      .flatMap(propertiesOf)
      .filter(({ id, type }) => {
        const given = responseTo(root, id);
        if (!given || type === 'EVIDENCE_IDENTIFIER') return false;
        const isOnLine = /^C[78]_EG_[\w-]+\/QG1\/Q1$|^C1[2-7]_EG_[\w-]+\/QG2\/Q1$/.test(id);
        return !isOnLine || given.children.some(({ text }) => text === 'false');
      })
      .map(({ id }) => id),
  'nothing is answered false': (root) =>
    all(root, 'cbc:ResponseIndicator')
      .filter(({ text }) => text !== 'true')
      .map(({ text }) => text),
};

/** What is wrong with a document, rule by rule. */
export function faultsIn(xml: string): string[] {
  const root = readXml(xml);
  return Object.entries(RULES).flatMap(([rule, faultsOf]) =>
    faultsOf(root).map((fault) => `${rule}: ${fault}`),
  );
}
