import { type Conflicts, conflictKeyOf } from './conflicts.ts';
import type { EndpointCall } from './endpoint-call.ts';
import { hubError, refusal } from './errors.ts';
import type { Quota } from './rate-limits.ts';
import type { Token } from './read-token.ts';
import { missingTracingErrors, recipientErrors } from './tracing-parameters.ts';
import type { WireAnswer } from './wire-answer.ts';

/** A call let through holds a lock that its answer must release; a call refused may leave one behind it. */
export type Admission =
  | { lock: string; refused?: undefined }
  /** `traced` when who asks and why were given: headers about the cache are sent from then on. */
  | { refused: WireAnswer; traced: boolean };

/** The checks before any answer, in the order of API Entreprise: a call with several faults is told the first. */
export function admitCall(
  call: EndpointCall,
  { token, quota, conflicts }: { token: Token; quota: Quota | null; conflicts: Conflicts },
): Admission {
  if (quota?.exceeded) return refuse(429, '00429');
  if (token.refusal !== undefined) return refuse(401, token.refusal, 'token');
  const { scopes, uid } = token.claims;
  if (!opens(call, scopes)) return refuse(403, '00100', 'token');

  // Taken before the parameters are checked, and released by the answer only: a call refused below
  // leaves its lock for a minute, and its replay is told 409.
  const lock = conflictKeyOf(call.path, call.query, uid);
  if (!conflicts.enter(lock)) return refuse(409, '00015');

  const missing = missingTracingErrors(call.query);
  if (missing.length > 0) return { refused: refusal(422, ...missing), traced: false };
  if (!call.endpoint.versions.includes(call.version)) return { ...refuse(404, '00402'), traced: true };
  const recipient = recipientErrors(call.query);
  if (recipient.length > 0) return { refused: refusal(422, ...recipient), traced: true };
  return { lock };
}

function opens({ endpoint }: EndpointCall, scopes: readonly string[]): boolean {
  return endpoint.scopes.length === 0 || endpoint.scopes.some((scope) => scopes.includes(scope));
}

function refuse(status: number, code: string, parameter?: string) {
  return { refused: refusal(status, hubError(code, parameter)), traced: false };
}
