import { type ApiError, hubError } from './errors.ts';
import { passesSiretCheck } from './identifiers.ts';

const REQUIRED = { context: '00201', object: '00202', recipient: '00203' };

/** Who asks, why, and in which frame: all that miss are told at once. */
export function missingTracingErrors(query: Readonly<Record<string, string>>): ApiError[] {
  return Object.entries(REQUIRED)
    .filter(([name]) => (query[name] ?? '').trim() === '')
    .map(([name, code]) => hubError(code, name));
}

/** The recipient is the SIRET of the public body that will use the data. */
export function recipientErrors(query: Readonly<Record<string, string>>): ApiError[] {
  return passesSiretCheck(query.recipient ?? '') ? [] : [hubError('00210', 'recipient')];
}
