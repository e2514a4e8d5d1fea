import { parisTimeOf } from '../dossier/time.ts';
import type { DossierReading } from './dossier-reading.ts';
import { isJsonObject } from './json-schema.ts';

/** Codes of the departments of each region: code officiel géographique of Insee, since 2016. */
const DEPARTEMENTS_BY_REGION: Readonly<Record<string, string>> = {
  '01': '971',
  '02': '972',
  '03': '973',
  '04': '974',
  '06': '976',
  11: '75 77 78 91 92 93 94 95',
  24: '18 28 36 37 41 45',
  27: '21 25 39 58 70 71 89 90',
  28: '14 27 50 61 76',
  32: '02 59 60 62 80',
  44: '08 10 51 52 54 55 57 67 68 88',
  52: '44 49 53 72 85',
  53: '22 29 35 56',
  75: '16 17 19 23 24 33 40 47 64 79 86 87',
  76: '09 11 12 30 31 32 34 46 48 65 66 81 82',
  84: '01 03 07 15 26 38 42 43 63 69 73 74',
  93: '04 05 06 13 83 84',
  94: '2A 2B',
};
const REGION_OF = new Map(
  Object.entries(DEPARTEMENTS_BY_REGION).flatMap(([region, all]) =>
    all.split(' ').map((departement) => [departement, region] as const),
  ),
);

type Adresse = Readonly<Record<string, unknown>>;

/** The code of a commune says its department, but in the code of a foreign country. */
function departementOf({ code_commune: code }: Adresse): string | null {
  if (typeof code !== 'string' || !/^(?!99)[0-9][0-9AB][0-9]{3}$/.test(code)) return null;
  return code.slice(0, /^9[78]/.test(code) ? 3 : 2);
}

function lineOf({ numero_voie, voie, code_postal, commune, lignes }: Adresse): unknown {
  if (!voie || !code_postal || !commune) return lignes;
  return [numero_voie, voie, code_postal, commune].filter(Boolean).join(' ');
}

function communeOf({ code_postal, code_commune }: Adresse): unknown {
  if (!code_postal) return null;
  return code_commune ? [code_postal, code_commune] : [code_postal];
}

/** An address, as fields about places are prefilled; null when it does not say it. */
const OF_ADDRESS: Readonly<Record<string, (adresse: Adresse) => unknown>> = {
  communes: communeOf,
  departements: departementOf,
  regions: (adresse) => REGION_OF.get(departementOf(adresse) ?? '') ?? null,
  pays: (adresse) => (departementOf(adresse) === null ? null : 'FR'),
  // Its own code is that of no address; the service takes the department by itself.
  epci: (adresse) => departementOf(adresse) && [departementOf(adresse)],
  address: lineOf,
};

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function said(type: string, value: unknown): unknown {
  if (isJsonObject(value)) return OF_ADDRESS[type]?.(value) ?? value;
  if (type === 'datetime' && typeof value === 'string' && INSTANT.test(value)) {
    return parisTimeOf(Date.parse(value)).toString({ timeZoneName: 'never', smallestUnit: 'second' });
  }
  return value;
}

const SAID_TYPES = [...Object.keys(OF_ADDRESS), 'datetime'];
/** No key of a dossier begins so. */
const MARK = '@';
const MARKS = new Set(SAID_TYPES.map((type) => `${MARK}${type}`));

/** The pointer from which `sayingPlaces` reads a value as a type of field says it. */
export function pointerFor(type: string, pointer: string): string {
  return SAID_TYPES.includes(type) ? `${pointer}/${MARK}${type}` : pointer;
}

/** The pointer into the dossier itself. */
export function plainPointer(pointer: string): string {
  return pointer.split('/@', 1)[0] ?? '';
}

/** Reads addresses as communes, departments and their like, and instants as those of Paris, where a pointer asks so. */
export function sayingPlaces(reading: DossierReading): DossierReading {
  const split = (segments: readonly string[]) => {
    const at = segments.findIndex((segment) => MARKS.has(segment));
    return at < 0
      ? { place: segments, type: '' }
      : { place: segments.slice(0, at), type: (segments[at] as string).slice(MARK.length) };
  };
  return {
    read(segments) {
      const { place, type } = split(segments);
      const found = reading.read(place);
      return 'unfilled' in found ? found : { value: said(type, found.value) };
    },
    originOf: (segments) => reading.originOf(split(segments).place),
  };
}
