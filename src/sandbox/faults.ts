import { z } from 'zod';
import { endpoints } from './endpoints.ts';

/** Ways an answer can go wrong on the wire, whatever it says. */
export const failures = [
  'hang',
  'hang-mid-body',
  'reset',
  'reset-mid-body',
  'trickle',
  'huge-body',
  'truncated-json',
  'invalid-json',
  'wrong-shape',
  'empty-body',
  'html',
  'redirect',
  'too-many-requests',
  'cut-off',
  'link-elsewhere',
  'link-to-metadata',
  'dead-link',
] as const;
export type Failure = (typeof failures)[number];

const share = z.number().min(0).max(1).default(1);
const milliseconds = z.number().min(0).max(600_000);
const seconds = z.int().min(0);

/** Fixed, uniform between two bounds, or log-normal by its median and its 99th percentile. */
const latency = z.union([
  milliseconds,
  z.strictObject({ min: milliseconds, max: milliseconds }),
  z.strictObject({ p50: milliseconds.min(1), p99: milliseconds.min(1) }),
]);

const fault = z.strictObject({
  /** Share of the calls it strikes, latency included. */
  rate: share,
  latencyMs: latency.optional(),
  /** At most one happens to a call; `rate` is then the share among the calls struck. */
  errors: z
    .array(
      z.strictObject({
        /** Three characters after the provider's prefix, or a whole code of five. */
        code: z.string().regex(/^([0-9A-Z]{3}|[0-9A-Z]{5})$/),
        status: z.int().min(400).max(599),
        rate: share,
        retryInSeconds: seconds.optional(),
      }),
    )
    .max(20)
    .optional(),
  maintenance: z
    .union([z.strictObject({ retryInSeconds: seconds }), z.strictObject({ until: z.iso.datetime() })])
    .optional(),
  failure: z.enum(failures).optional(),
});

/** One fault, or several: their latencies add up, and the first to spoil the answer wins. */
export const faultPlan = z
  .union([fault, z.array(fault).max(20)])
  .transform((plan) => (Array.isArray(plan) ? plan : [plan]));

/** What faults of the documents themselves are staged for; those of `*` do not befall them. */
export const DOCUMENTS = 'documents';

/** Whether faults can be staged for `id`: an endpoint, the documents, or `*` for all endpoints that have none of their own. */
export function isTarget(id: string): boolean {
  return id === '*' || id === DOCUMENTS || endpoints.some((endpoint) => endpoint.id === id);
}

export type Fault = z.infer<typeof fault>;
type Latency = z.infer<typeof latency>;
export type StagedError = NonNullable<Fault['errors']>[number];

/** What befalls one call. */
export interface Strike {
  latencyMs: number;
  spoil?: Spoil | undefined;
}
export type Spoil =
  | { kind: 'error'; error: StagedError }
  | { kind: 'maintenance'; endsAtMs: number }
  | { kind: 'failure'; failure: Failure };

const UNHARMED: Strike = { latencyMs: 0 };

export interface Faults {
  /** By endpoint, or `*` for those that have none of their own. */
  plans: Map<string, Fault[]>;
  planOf(endpoint: string): Fault[];
  strike(endpoint: string): Strike;
}

export function createFaults({ now, random }: { now: () => number; random: () => number }): Faults {
  const plans = new Map<string, Fault[]>();
  const planOf = (endpoint: string) =>
    plans.get(endpoint) ?? (endpoint === DOCUMENTS ? [] : (plans.get('*') ?? []));
  return {
    plans,
    planOf,
    strike(endpoint) {
      const plan = planOf(endpoint);
      if (plan.length === 0) return UNHARMED;
      const struck = plan.filter(({ rate }) => happens(rate, random));
      const latencyMs = struck.reduce((sum, one) => sum + draw(one.latencyMs ?? 0, random), 0);
      return { latencyMs, spoil: firstSpoil(struck, random, now()) };
    },
  };
}

function firstSpoil(struck: Fault[], random: () => number, nowMs: number): Spoil | undefined {
  for (const one of struck) {
    const error = pick(one.errors ?? [], random);
    if (error) return { kind: 'error', error };
    if (one.maintenance) return { kind: 'maintenance', endsAtMs: endOf(one.maintenance, nowMs) };
    if (one.failure) return { kind: 'failure', failure: one.failure };
  }
  return undefined;
}

/** Epoch milliseconds. */
export function endOf(maintenance: NonNullable<Fault['maintenance']>, nowMs: number): number {
  if ('until' in maintenance) return Date.parse(maintenance.until);
  return nowMs + maintenance.retryInSeconds * 1000;
}

/** Draws nothing when the outcome is certain: a pinned `random` is then used by real draws only. */
function happens(rate: number, random: () => number): boolean {
  return rate >= 1 || (rate > 0 && random() < rate);
}

function pick(errors: StagedError[], random: () => number): StagedError | undefined {
  let left = errors[0] && errors[0].rate < 1 ? random() : 0;
  return errors.find(({ rate }) => {
    left -= rate;
    return left < 0;
  });
}

/** z-score of the 99th percentile. */
const Z99 = 2.326;

function draw(spec: Latency, random: () => number): number {
  if (typeof spec === 'number') return spec;
  if ('min' in spec) return spec.min + (spec.max - spec.min) * random();
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return spec.p50 * Math.exp((Math.log(spec.p99 / spec.p50) / Z99) * normal);
}
