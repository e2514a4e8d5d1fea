const AGENCY = 'schemeAgencyID="ACHETEUR"';
const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:';

function code(name: string, value: string): string {
  return `<b:${name} listID="liste" listAgencyID="OP" listVersionID="4.1.0">${value}</b:${name}>`;
}

/** A property of a buyer's own making, in the prefixes that it chose. */
export function property(id: string, type: string, kind = 'QUESTION'): string {
  return `<a:TenderingCriterionProperty><b:ID ${AGENCY}>${id}</b:ID><b:Description>Question ${id} &amp; suite</b:Description>${code('TypeCode', kind)}${code('ValueDataTypeCode', type)}</a:TenderingCriterionProperty>`;
}

export function group(id: string, on: string, inside: string, isInner = true): string {
  const name = `${isInner ? 'Subsidiary' : ''}TenderingCriterionPropertyGroup`;
  return `<a:${name}><b:ID ${AGENCY}>${id}</b:ID>${code('PropertyGroupTypeCode', on)}${inside}</a:${name}>`;
}

export function criterion(uuid: string, type: string, inside: string, lot = ''): string {
  const reference =
    lot &&
    `<a:ProcurementProjectLotReference><b:ID ${AGENCY}>${lot}</b:ID></a:ProcurementProjectLotReference>`;
  return `<a:TenderingCriterion><b:ID ${AGENCY}>${uuid}</b:ID>${code('CriterionTypeCode', type)}<b:Name>Critère ${type}</b:Name><b:Description>Ce que l’acheteur demande</b:Description>${reference}${inside}</a:TenderingCriterion>`;
}

const TAX = 'b61bbeb7-690e-4a40-bc68-d6d4ecfaa3d4';
const TURNOVER = '499efc97-2ac1-4af2-9e84-323c2ca67747';
const MANPOWER = '1f49b3f0-d50f-43f6-8b30-4bafab108b9b';
const TRADE = '87b3fa26-3549-4f92-b8e0-3fd8f04bf5c7';

export function evidenceGroup(id: string): string {
  const evidence = group(`${id}-oui`, 'ONTRUE', property(`${id}-preuve`, 'EVIDENCE_IDENTIFIER'));
  return group(id, 'ON*', property(`${id}-en-ligne`, 'INDICATOR') + evidence);
}

/** Criteria as a service of buyers may write them: identifiers of its own, the exclusion ground first. */
export const CRITERIA = [
  criterion(
    TAX,
    'tax-pay',
    group('impots', 'ON*', property('impots-reponse', 'INDICATOR') + evidenceGroup('impots-preuves'), false),
  ),
  criterion(
    TRADE,
    'trade-regist',
    group(
      'registre',
      'ON*',
      property('registre-exigence', 'DESCRIPTION', 'REQUIREMENT') +
        group(
          'inscrit',
          'ON*',
          property('inscrit-reponse', 'INDICATOR') +
            group('inscrit-oui', 'ONTRUE', property('inscrit-numero', 'IDENTIFIER')) +
            group('inscrit-non', 'ONFALSE', property('inscrit-motif', 'DESCRIPTION')),
        ),
      false,
    ),
    'LOT-0001',
  ),
  criterion(
    TURNOVER,
    'gen-year-to',
    group(
      'ca',
      'ON*',
      property('ca-seuil', 'AMOUNT', 'REQUIREMENT') +
        group('ca-1', 'ON*', property('ca-1-periode', 'PERIOD') + property('ca-1-montant', 'AMOUNT')) +
        group('ca-2', 'ON*', property('ca-2-periode', 'PERIOD') + property('ca-2-montant', 'AMOUNT')),
      false,
    ),
    'LOT-0001',
  ),
  criterion(
    MANPOWER,
    'year-manpower',
    group(
      'effectif',
      'ON*',
      property('effectif-annee', 'QUANTITY_YEAR') + property('effectif-nombre', 'QUANTITY_INTEGER'),
      false,
    ),
    'LOT-0001',
  ),
  criterion(
    '005eb9ed-1347-4ca3-bb29-9bc0db64e1ab',
    'crime-org',
    group('crime', 'ON*', property('crime-reponse', 'INDICATOR'), false),
  ),
].join('');

export interface Request {
  root?: string;
  namespace?: string;
  profile?: string;
  ubl?: string;
  before?: string;
  lots?: string[];
  criteria?: string;
}

/** A buyer's request; what is given replaces a part of it. */
export function requestXml({
  root = 'QualificationApplicationRequest',
  namespace = `${UBL}QualificationApplicationRequest-2`,
  profile = 'ESPD-EDMv4.1.0',
  ubl = '2.3',
  before = '',
  lots = ['LOT-0001'],
  criteria = CRITERIA,
}: Request = {}): string {
  const lot = (id: string) =>
    `<a:ProcurementProjectLot><b:ID ${AGENCY}>${id}</b:ID></a:ProcurementProjectLot>`;
  return `<?xml version="1.0" encoding="UTF-8"?>${before}
<q:${root} xmlns:q="${namespace}" xmlns:a="${UBL}CommonAggregateComponents-2" xmlns:b="${UBL}CommonBasicComponents-2">
  <b:UBLVersionID schemeAgencyID="OASIS-UBL-TC">${ubl}</b:UBLVersionID>
  <b:ProfileExecutionID schemeAgencyID="OP" schemeVersionID="4.1.0">${profile}</b:ProfileExecutionID>
  <b:ID ${AGENCY}>DUME-2026-42</b:ID>
  <b:UUID schemeID="ISO/IEC 9834-8:2008 - 4UUID" ${AGENCY}>6f4f0c4e-6df6-4e2a-9a54-0e8a3ad5d8b1</b:UUID>
  <b:ContractFolderID ${AGENCY}>2026-ECOLE-07</b:ContractFolderID>
  ${code('ProcedureCode', 'open')}
  <a:ContractingParty><a:Party>
    <a:PartyName><b:Name>Commune de l&#8217;Exemple &amp; alentours</b:Name></a:PartyName>
    <a:ServiceProviderParty><a:Party><a:PartyName><b:Name>Profil d’acheteur</b:Name></a:PartyName></a:Party></a:ServiceProviderParty>
  </a:Party></a:ContractingParty>
  <a:ProcurementProject><b:Name>Rénovation de l’école</b:Name></a:ProcurementProject>
  ${lots.map(lot).join('')}
  ${criteria}
</q:${root}>`;
}
