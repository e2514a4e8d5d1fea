import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What was typed cannot be understood: the message says what is expected. */
export class UsageError extends Error {}

/**
 * What a command was given.
 * @throws UsageError
 */
export function readOptions<O extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: O,
  operands: readonly string[] = [],
) {
  const parsed = parsedOrUsage(args, options);
  const { positionals } = parsed;
  const missing = operands[positionals.length];
  if (missing) throw new UsageError(`Il manque ${missing}.`);
  const extra = positionals[operands.length];
  if (extra) throw new UsageError(`« ${extra} » est de trop.`);
  return { values: parsed.values, operands: positionals };
}

function parsedOrUsage<O extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const [, name = ''] = /'(-[^' ]*)/.exec(message) ?? [];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const known = Object.keys(options).map((one) => `--${one}`);
      throw new UsageError(`L'option ${name} n'existe pas ici. Options : ${known.join(', ') || 'aucune'}.`);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      throw new UsageError(`L'option ${name} attend une valeur, ou n'en attend pas.`);
    }
    throw error;
  }
}

/** @throws UsageError */
export function wholeNumber(text: string, option: string): number {
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < 1)
    throw new UsageError(`${option} attend un nombre entier, 1 au moins.`);
  return number;
}

/** Values separated by commas. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((one) => one.trim() || []);
}
