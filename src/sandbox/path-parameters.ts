import { type ApiError, hubError } from './errors.ts';
import { passesEoriCheck, passesRnaCheck, passesSirenCheck, passesSiretCheck } from './identifiers.ts';

type Values = Readonly<Record<string, string>>;

interface Rule {
  accepts(value: string, currentYear: number): boolean;
  code: string;
  /** Named by the error; `id` for identifiers of several kinds. */
  parameter?: string;
}

const yearBetween = (first: number, last: number, value: string) => first <= +value && +value <= last;
const isYear = (value: string) => /^[0-9]{4}$/.test(value);

/** By name of the parameter, as between braces in the endpoint's path. */
const IDENTIFIERS: Readonly<Record<string, Rule>> = {
  siren: { accepts: passesSirenCheck, code: '00301', parameter: 'siren' },
  siret: { accepts: passesSiretCheck, code: '00302', parameter: 'siret' },
  siret_or_eori: { accepts: passesEoriCheck, code: '00304', parameter: 'id' },
  siren_or_rna: {
    accepts: (id) => passesSirenCheck(id) || passesRnaCheck(id),
    code: '00333',
    parameter: 'id',
  },
  siren_or_siret_or_rna: {
    accepts: (id) => passesSirenCheck(id) || passesSiretCheck(id) || passesRnaCheck(id),
    code: '00330',
    parameter: 'id',
  },
};

const DGFIP_YEARS: Record<string, Rule[]> = {
  year: [
    { accepts: isYear, code: '00307' },
    {
      accepts: (year, current) => !isYear(year) || yearBetween(2006, current - 1, year),
      code: '00315',
      parameter: 'year',
    },
  ],
};
const GIP_YEARS: Record<string, Rule[]> = {
  year: [{ accepts: (year, current) => isYear(year) && yearBetween(1900, current, year), code: '00307' }],
};

/** By endpoint, the parameters other than the identifier; one that is left out of the query is not checked. */
const OTHERS: Readonly<Record<string, Record<string, Rule[]>>> = {
  dgfip_liasses_fiscales: DGFIP_YEARS,
  dgfip_liens_capitalistiques: DGFIP_YEARS,
  gip_mds_effectifs_annuels: GIP_YEARS,
  gip_mds_effectifs_mensuels: {
    month: [{ accepts: (month) => /^(0[1-9]|1[0-2])$/.test(month), code: '00305', parameter: 'month' }],
    ...GIP_YEARS,
    // 13 is accepted though only 0 to 12 are documented.
    profondeur: [
      { accepts: (depth) => /^([0-9]|1[0-3])$/.test(depth), code: '00390', parameter: 'profondeur' },
    ],
  },
  ademe_certification_rge: {
    limit: [
      { accepts: (limit) => /^([1-9][0-9]{0,2}|1000)$/.test(limit), code: '00313', parameter: 'limit' },
    ],
  },
};

const NATURES = ['moyen', 'boeth', 'ecap', 'assujettissement_oeth'];

/** The parameter between braces that names the company. */
export function identifierNameOf(path: string): string {
  return Object.keys(IDENTIFIERS).find((name) => path.includes(`{${name}}`)) ?? 'siren';
}

/** Everything wrong with the identifier and the other parameters of one call. */
export function pathErrors(call: {
  endpoint: string;
  identifierName: string;
  values: Values;
  currentYear: number;
}): ApiError[] {
  const identifier = IDENTIFIERS[call.identifierName];
  const rules: [string, Rule[]][] = [
    [call.identifierName, identifier ? [identifier] : []],
    ...Object.entries(OTHERS[call.endpoint] ?? {}),
  ];
  return rules.flatMap(([name, list]) => {
    const value = call.values[name];
    if (value === undefined) return [];
    return list
      .filter((rule) => !rule.accepts(value, call.currentYear))
      .map((rule) => hubError(rule.code, rule.parameter));
  });
}

/** What the provider is asked beside the identifier. An unknown nature of headcount silently means the default. */
export function parametersOf(endpoint: string, values: Values): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const name of Object.keys(OTHERS[endpoint] ?? {})) {
    const value = values[name];
    if (value !== undefined) parameters[name] = value;
  }
  if (endpoint.startsWith('gip_mds')) {
    const nature = values.nature_effectif ?? '';
    parameters.nature_effectif = NATURES.includes(nature) ? nature : 'moyen';
  }
  return parameters;
}
