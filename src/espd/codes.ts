import { type Attributes, type Element, leaf } from './element.ts';

/** Versions of the formats that are spoken, and of their code lists: what moves first when ESPD-EDM does. */
export const UBL_VERSION = '2.3';
export const EDM_VERSION = '4.1.0';
export const PROFILE = `ESPD-EDMv${EDM_VERSION}`;

/** Whose identifiers are those that the gateway makes. */
export const GATEWAY = 'DITES-LE-NOUS-UNE-FOIS';
const OFFICE = 'OP';
const AUTHORITY = 'http://publications.europa.eu/resource/authority';

const LISTS = {
  'access-right': { listID: `${AUTHORITY}/access-right`, listVersionID: '20250924-0' },
  country: { listID: `${AUTHORITY}/country`, listVersionID: '20250924-0' },
  criterion: { listID: `${AUTHORITY}/criterion`, listVersionID: '20240612-0' },
  'docrefcontent-type': { listID: `${AUTHORITY}/docrefcontent-type`, listVersionID: '20250924-0' },
  'economic-operator-size': {
    listID: `${AUTHORITY}/economic-operator-size`,
    listVersionID: '20250924-0',
  },
  'eo-role-type': { listID: `${AUTHORITY}/eo-role-type`, listVersionID: '20211208-0' },
  'criterion-element-type': { listID: 'criterion-element-type', listVersionID: EDM_VERSION },
  'property-group-type': { listID: 'property-group-type', listVersionID: EDM_VERSION },
  'response-data-type': { listID: 'response-data-type', listVersionID: EDM_VERSION },
} as const;

/** A code with the list that it is of, all three attributes of which are mandatory (BR-OTH-01). */
export function code(name: string, list: keyof typeof LISTS, value: string): Element {
  const { listID, listVersionID } = LISTS[list];
  return leaf(name, value, { listID, listAgencyID: OFFICE, listVersionID });
}

/** An identifier of the data model itself; its agency is mandatory (BR-OTH-02). */
export function modelId(name: string, value: string): Element {
  return leaf(name, value, { schemeID: 'Criterion', schemeAgencyID: OFFICE, schemeVersionID: EDM_VERSION });
}

/** An identifier that an agency gave. */
export function id(value: string, schemeAgencyID: string, more: Attributes = {}): Element {
  return leaf('cbc:ID', value, { ...more, schemeAgencyID });
}
