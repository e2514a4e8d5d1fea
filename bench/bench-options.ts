import { parseArgs } from 'node:util';

export interface BenchOptions {
  measures: string[];
  /** Times that each contestant takes its turn; figures are medians over them. */
  rounds: number;
  roundSeconds: number;
  /** Distinct dossiers asked by the memory measure. */
  dossiers: number;
  jsonFile: string | null;
}

const DEFAULTS = { rounds: '5', seconds: '3', dossiers: '1000000' };

/** @throws when an option is unknown or is not a number */
export function benchOptionsOf(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: DEFAULTS.rounds },
      seconds: { type: 'string', default: DEFAULTS.seconds },
      dossiers: { type: 'string', default: DEFAULTS.dossiers },
      json: { type: 'string' },
    },
  });
  return {
    measures: positionals,
    rounds: positive('rounds', values.rounds),
    roundSeconds: positive('seconds', values.seconds),
    dossiers: positive('dossiers', values.dossiers),
    jsonFile: values.json ?? null,
  };
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number above zero`);
  return number;
}
