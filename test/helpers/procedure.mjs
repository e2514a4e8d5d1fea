/**
 * A procedure of Démarche numérique with a field of each type, and what the service keeps of what it is sent: each
 * type screens its value by itself, and what it does not take is dropped without a word.
 */
const TYPES = {
  1: 'Text',
  2: 'Textarea',
  3: 'Formatted',
  4: 'Email',
  5: 'Phone',
  6: 'IntegerNumber',
  7: 'DecimalNumber',
  8: 'Date',
  9: 'Datetime',
  10: 'YesNo',
  11: 'Checkbox',
  12: 'Civilite',
  13: 'Siret',
  14: 'Address',
  15: 'Commune',
  16: 'Departement',
  17: 'Region',
  18: 'Pays',
  19: 'Epci',
  20: 'DropDownList',
  21: 'MultipleDropDownList',
  22: 'DossierLink',
  23: 'Referentiel',
  24: 'Repetition',
  25: 'PreRempli',
  26: 'Iban',
  30: 'PieceJustificative',
  31: 'LinkedDropDownList',
  32: 'Carte',
  33: 'EngagementJuridique',
  34: 'RNA',
  35: 'RNF',
  36: 'AnnuaireEducation',
  37: 'COJO',
  38: 'Number',
  40: 'HeaderSection',
  41: 'Explication',
  50: 'Date',
  51: 'DecimalNumber',
  52: 'Commune',
  53: 'PieceJustificative',
};
const ROWS = 24;
const IN_ROWS = [50, 51, 52, 53];
const OPTIONS = ['PME', 'ETI', 'GE'];

const idOf = (number) => Buffer.from(`Champ-${number}`).toString('base64');
const descriptorOf = (number) => ({
  __typename: `${TYPES[number]}ChampDescriptor`,
  id: idOf(number),
  label: `${TYPES[number]} ${number}`,
  description: null,
  required: false,
  ...(/DropDownList/.test(TYPES[number]) && { options: OPTIONS }),
  ...(TYPES[number] === 'DropDownList' && { otherOption: false }),
});

/** As the service publishes it, at `/preremplir/{path}/schema`. */
export const DESCRIPTOR = {
  id: 'UHJvY2VkdXJlLTE=',
  number: 1,
  title: 'Aide',
  description: '',
  state: 'publiee',
  dateCreation: '2026-01-05T10:00:00+01:00',
  revision: {
    id: 'UHJvY2VkdXJlUmV2aXNpb24tMQ==',
    champDescriptors: Object.keys(TYPES)
      .map(Number)
      .filter((number) => !IN_ROWS.includes(number))
      .map((number) => ({
        ...descriptorOf(number),
        ...(number === ROWS && { champDescriptors: IN_ROWS.map(descriptorOf) }),
      })),
    annotationDescriptors: [],
  },
};

const DEPARTEMENTS = { 44: 'Loire-Atlantique' };
const EPCIS = { 44: ['244400404'] };
const REGIONS = ['52'];
const COMMUNES = { 44000: ['44109'] };
const FILED = ['4217'];

const isText = (value) => typeof value === 'string';
const isScalar = (value) => isText(value) || typeof value === 'number';
const isFlat = (value) => (Array.isArray(value) ? value.every(isScalar) : isScalar(value));
const takes = (isTaken) => (value) => (isTaken(value) ? value : undefined);
const matching = (pattern) => takes((value) => isScalar(value) && pattern.test(String(value)));
const flat = takes(isFlat);

/** By type, what is kept of a value; undefined when it is dropped. A type that is not here takes none. */
const SCREENS = {
  Text: flat,
  Textarea: flat,
  Formatted: flat,
  Email: flat,
  Phone: flat,
  PreRempli: flat,
  Iban: flat,
  IntegerNumber: matching(/^[+-]?\d+$/),
  DecimalNumber: matching(/^-?[0-9]+(\.[0-9]{1,3})?$/),
  Date: matching(/^\d{4}-\d{2}-\d{2}$/),
  Datetime: matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}[+-]\d{2}:\d{2})?$/),
  YesNo: matching(/^(true|false|1|0|on|off|t|f)$/),
  Checkbox: matching(/^(true|false|1|0|on|off|t|f)$/),
  Civilite: matching(/^(m\.|mme)$/i),
  Siret: takes(isScalar),
  Referentiel: takes(isScalar),
  Address: takes(isText),
  Commune: takes(
    (value) =>
      Array.isArray(value) &&
      COMMUNES[value[0]] !== undefined &&
      (value.length === 1 || COMMUNES[value[0]].includes(value[1])),
  ),
  Departement: takes((value) => isText(value) && DEPARTEMENTS[value] !== undefined),
  Region: takes((value) => isText(value) && REGIONS.includes(value)),
  Pays: takes((value) => value === 'FR'),
  Epci: takes(
    (value) =>
      Array.isArray(value) &&
      DEPARTEMENTS[value[0]] !== undefined &&
      (!value[1] || EPCIS[value[0]].includes(value[1])),
  ),
  DropDownList: takes((value) => isText(value) && OPTIONS.includes(value)),
  MultipleDropDownList: takes(
    (value) => isFlat(value) && [value].flat().every((one) => OPTIONS.includes(one)),
  ),
  DossierLink: takes((value) => FILED.includes(String(value))),
  Repetition: (rows) => {
    if (!Array.isArray(rows)) return undefined;
    const taken = rows
      .filter((row) => typeof row === 'object' && row !== null)
      .map((row) => screened(row, IN_ROWS));
    return taken.some((row) => Object.keys(row).length > 0) ? taken : undefined;
  },
};

function screened(sent, numbers) {
  const taken = {};
  for (const [key, value] of Object.entries(sent)) {
    const number = Number(/^Champ-(\d+)$/.exec(Buffer.from(key.replace(/^champ_/, ''), 'base64'))?.[1]);
    const isBlank =
      value === null || value === false || (isText(value) && value.trim() === '') || value?.length === 0;
    if (isBlank || !numbers.includes(number)) continue;
    const one = SCREENS[TYPES[number]]?.(value);
    if (one !== undefined) taken[key] = one;
  }
  return taken;
}

/** What the service keeps of a body. */
export function kept(body) {
  return screened(
    body,
    Object.keys(TYPES)
      .map(Number)
      .filter((number) => !IN_ROWS.includes(number)),
  );
}
