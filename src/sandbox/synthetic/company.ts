import { isSiren, isSiret } from '../../dossier/siret.ts';
import { createDraw, type Draw } from './draw.ts';
import { TOWNS, type Town } from './towns.ts';
import { ASSOCIATIONS, BUILDING, FARMING, OTHER_TRADES, PUBLIC_WORKS, type Trade } from './trades.ts';

/** A company made up from the digits of its SIREN, and the establishment that was asked about. */
export interface SyntheticCompany {
  siren: string;
  /** The establishment asked; the head office when a SIREN was. */
  siret: string;
  headOffice: string;
  kind: 'societe' | 'individuel' | 'association';
  /** Obviously made up: the identifier may be a real company's. */
  name: string;
  firstName: string;
  trade: Trade;
  town: Town;
  /** `YYYY-MM-DD`, the same whatever the day of the question. */
  createdOn: string;
  ceasedOn: string | null;
  /** Salaried persons; 0 for none. */
  staff: number;
  /** Euros a year, before the variation of each. */
  turnover: number;
  isPartial: boolean;
  /** Taxed with its mother company, as a member of an integrated tax group. */
  isGroupMember: boolean;
  /** What each authority answers; `inconnue` is a company it does not know. */
  vigilance: 'delivree' | 'refusee' | 'analyse' | 'inconnue';
  isTaxCertified: boolean;
  paysHolidayFund: boolean;
  isCertified: boolean;
  /** 0 to 99, for what needs no draw of its own. */
  grain: number;
}

const FIRST_NAMES = ['Camille', 'Alix', 'Sacha', 'Maxime', 'Lou', 'Charlie', 'Noa', 'Éden'] as const;
const two = (value: number) => String(value).padStart(2, '0');
const dayFrom = (draw: Draw, firstYear: number, years: number) =>
  `${firstYear + draw.below(years)}-${two(1 + draw.below(12))}-${two(1 + draw.below(28))}`;

function withCheckDigit(digits: string, isValid: (value: string) => boolean): string {
  return [...'0123456789'].map((check) => digits + check).find(isValid) ?? digits;
}

/** A SIRET of the company: the valid one whose NIC begins with these four digits. */
export function establishmentOf(siren: string, nic: string): string {
  return withCheckDigit(siren + nic, isSiret);
}

/** The company that holds all the shares of a group member: the valid SIREN after its own. */
export function motherOf({ siren }: SyntheticCompany): string {
  const next = String((Number(siren.slice(0, 8)) + 1) % 100_000_000).padStart(8, '0');
  return withCheckDigit(next, isSiren);
}

function kindOf(draw: Draw): SyntheticCompany['kind'] {
  const percent = draw.below(100);
  if (percent < 15) return 'individuel';
  return percent < 20 ? 'association' : 'societe';
}

function tradeOf(kind: SyntheticCompany['kind'], draw: Draw): Trade {
  const percent = draw.below(100);
  if (kind === 'association') return draw.pick(ASSOCIATIONS);
  if (percent < 7) return draw.pick(BUILDING);
  if (percent < 10) return draw.pick(PUBLIC_WORKS);
  return draw.pick(percent < 14 ? FARMING : OTHER_TRADES);
}

/** Half of the companies have fewer than ten employees, one in thirty has hundreds. */
function staffOf(kind: SyntheticCompany['kind'], draw: Draw): number {
  const [percent, size] = [draw.below(100), draw.below(100)];
  if (kind === 'individuel') return percent < 90 ? 0 : 1 + (size % 3);
  if (kind === 'association') return percent < 60 ? 0 : 1 + (size % 12);
  if (percent < 50) return 1 + (size % 9);
  return percent < 97 ? 10 + size : 250 + 4 * size;
}

function vigilanceOf({ kind, trade, staff }: Pick<SyntheticCompany, 'kind' | 'trade' | 'staff'>, draw: Draw) {
  const percent = draw.below(100);
  if (trade.sector === 'agricole' || kind === 'individuel' || staff === 0) return 'inconnue';
  if (percent < 3) return 'refusee';
  return percent < 5 ? 'analyse' : 'delivree';
}

const NAMES = {
  societe: 'SOCIÉTÉ FICTIVE',
  association: 'ASSOCIATION FICTIVE',
  individuel: 'FICTIF',
} as const;

function describe(siren: string, draw: Draw) {
  const kind = kindOf(draw);
  const trade = tradeOf(kind, draw);
  const staff = staffOf(kind, draw);
  const createdOn = dayFrom(draw, 1970, 53);
  const ceasedOn = draw.chance(3) ? dayFrom(draw, 2023, 3) : null;
  const turnover = (staff + 1) * (60_000 + 1_000 * draw.below(90));
  return { kind, trade, staff, createdOn, ceasedOn, turnover, name: `${NAMES[kind]} ${siren}` };
}

/** The company of a SIREN: always the same. `siret` is the establishment asked, if one was. */
export function companyOf(siren: string, siret?: string): SyntheticCompany {
  const draw = createDraw(Number(siren));
  const description = describe(siren, draw);
  const headOffice = establishmentOf(siren, '0001');
  const isCompany = description.kind === 'societe';
  return {
    ...description,
    siren,
    headOffice,
    siret: siret ?? headOffice,
    firstName: draw.pick(FIRST_NAMES),
    town: draw.pick(TOWNS),
    vigilance: vigilanceOf(description, draw),
    isPartial: draw.chance(10) && description.kind === 'individuel',
    isGroupMember: draw.chance(3) && isCompany,
    isTaxCertified: draw.chance(93) && isCompany,
    paysHolidayFund: draw.chance(96),
    isCertified: draw.chance(60),
    grain: draw.below(100),
  };
}

/** Euros of the year, within 10 % of the company's turnover. */
export function turnoverOf({ turnover, grain }: SyntheticCompany, year: number): number {
  return Math.round(turnover * (0.9 + ((grain + 37 * year) % 21) / 100));
}
