import type { Dossier } from '../dossier/dossier.ts';
import type { Siret } from '../dossier/siret.ts';
import { code, GATEWAY, id } from './codes.ts';
import { branch, childOf, type Element, leaf } from './element.ts';
import type { Facts } from './facts.ts';

/** Parts that a company takes in a tender, as the Publications Office codes them. */
export const ROLES = ['sole-tenderer', 'group-lead', 'group-mem', 'subcont', 'oeron'] as const;
export type Role = (typeof ROLES)[number];

export interface Buyer {
  siret: Siret;
  /** Null when the gateway does not know it. */
  nom: string | null;
}

const NAME = 'Dites-le-nous une fois';
/** Electronic address scheme of a SIRET (EAS). */
const SIRET_SCHEME = '0009';
const SIREN_SCHEME = '0002';
/** Whatever of a party stands after who serves it, in the order of UBL 2.3. */
const AFTER_SERVICE = ['cac:PowerOfAttorney', 'cac:FinancialAccount', 'cac:SocialMediaProfile'];
const SERVICE = 'cac:ServiceProviderParty';

export function economicOperator({ data }: Dossier, role: Role, size: Facts['size']): Element {
  const { identite } = data;
  return branch('cac:EconomicOperatorParty', [
    branch('cac:EconomicOperatorRole', [code('cbc:RoleCode', 'eo-role-type', role)]),
    branch('cac:Party', [
      size === null ? null : code('cbc:IndustryClassificationCode', 'economic-operator-size', size),
      identification(data.siret, 'SIRENE', { schemeID: SIRET_SCHEME }),
      identite.numero_tva ? identification(identite.numero_tva, 'VIES', { schemeID: 'VAT' }) : null,
      partyName(identite.denomination ?? `SIRET ${data.siret}`),
      addressOf(identite.adresse),
      legalEntityOf(data),
    ]),
  ]);
}

/** In UBL's order. The company's country is that of the registers that know it. */
function addressOf(adresse: Dossier['data']['identite']['adresse']): Element {
  const street = [adresse?.numero_voie, adresse?.voie].filter(Boolean).join(' ');
  return branch('cac:PostalAddress', [
    street === '' ? null : leaf('cbc:StreetName', street),
    adresse?.complement ? leaf('cbc:AdditionalStreetName', adresse.complement) : null,
    adresse?.commune ? leaf('cbc:CityName', adresse.commune) : null,
    adresse?.code_postal ? leaf('cbc:PostalZone', adresse.code_postal) : null,
    FRANCE,
  ]);
}

const FRANCE = branch('cac:Country', [code('cbc:IdentificationCode', 'country', 'FRA')]);

function legalEntityOf({ siren, identite }: Dossier['data']): Element {
  return branch('cac:PartyLegalEntity', [
    identite.denomination ? leaf('cbc:RegistrationName', identite.denomination) : null,
    leaf('cbc:CompanyID', siren, { schemeID: SIREN_SCHEME, schemeAgencyID: 'SIRENE' }),
  ]);
}

/** @param baseUrl where the gateway is called */
export function contractingParty({ siret, nom }: Buyer, baseUrl: string): Element {
  return branch('cac:ContractingParty', [
    branch('cac:Party', [
      identification(siret, 'SIRENE', { schemeID: SIRET_SCHEME }),
      partyName(nom ?? `SIRET ${siret}`),
      branch('cac:PostalAddress', [FRANCE]),
      serviceProvider(baseUrl),
    ]),
  ]);
}

/** The buyer as its request names it, and the gateway as who prefilled, in place of who wrote the request. */
export function servedBy(contracting: Element, baseUrl: string): Element {
  const party = childOf(contracting, 'cac:Party');
  if (!party) return contracting;
  const others = party.children.filter(({ name }) => name !== SERVICE);
  const found = others.findIndex(({ name }) => AFTER_SERVICE.includes(name));
  const at = found === -1 ? others.length : found;
  const served = { ...party, children: others.toSpliced(at, 0, serviceProvider(baseUrl)) };
  const children = contracting.children.map((child) => (child === party ? served : child));
  return { ...contracting, children };
}

function serviceProvider(baseUrl: string): Element {
  return branch(SERVICE, [
    branch('cac:Party', [
      leaf('cbc:EndpointID', baseUrl, { schemeID: 'URI', schemeAgencyID: GATEWAY }),
      identification(GATEWAY, GATEWAY),
      partyName(NAME),
      branch('cac:PostalAddress', [FRANCE]),
    ]),
  ]);
}

/** Who issued an evidence. */
export function issuer(administration: string): Element {
  return branch('cac:IssuerParty', [identification(administration, GATEWAY), partyName(administration)]);
}

function identification(value: string, agency: string, more: Record<string, string> = {}): Element {
  return branch('cac:PartyIdentification', [id(value, agency, more)]);
}

function partyName(name: string): Element {
  return branch('cac:PartyName', [leaf('cbc:Name', name)]);
}
