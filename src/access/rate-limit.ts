import type { Taken } from './rate-budget.ts';
import type { Holder } from './register.ts';

/** `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 writes it: names and values in turn. */
export function rateLimitOf({ ratePolicy }: Holder, { left, resetSeconds }: Taken): string[] {
  return ['ratelimit-policy', ratePolicy, 'ratelimit', `"habilitation";r=${left};t=${resetSeconds}`];
}
