import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { AnswerQuestion } from './answer.ts';
import { createAnswerCall } from './answer-call.ts';
import { createApi } from './api.ts';
import { createBans } from './bans.ts';
import { createConflicts } from './conflicts.ts';
import { type Calls, createControl } from './control.ts';
import { documentRoutes } from './document-routes.ts';
import { createDocuments } from './documents.ts';
import { endpoints } from './endpoints.ts';
import { createFaults, type Fault } from './faults.ts';
import { createMaintenanceEnd } from './maintenance.ts';
import { pingRoutes } from './pings.ts';
import { privilegesRoutes } from './privileges.ts';
import { createTakeQuota } from './rate-limits.ts';
import { createReadToken } from './read-token.ts';
import { createResponseCache } from './response-cache.ts';
import { createServeEndpoint } from './serve-endpoint.ts';
import { DEFAULT_SECRET } from './token.ts';

export interface SandboxOptions {
  answerQuestion: AnswerQuestion;
  /** Epoch milliseconds. */
  now?: () => number;
  /** In [0, 1[. */
  random?: () => number;
  sleep?: (ms: number) => Promise<void>;
  /** What signs tokens, 32 bytes at least. */
  secret?: string;
  /** Whether the real limits hold; else each bucket announces a million calls a minute. */
  quotas?: boolean;
  /** Whether an address that makes too many calls is banned. */
  bans?: boolean;
  /** Whether providers have their daily maintenance. */
  maintenance?: boolean;
  /** By endpoint id, or `*`. */
  faults?: Readonly<Record<string, Fault[]>>;
  /** Where the links of documents start, when it is not where the server listens. */
  publicUrl?: string | undefined;
  onBan?: (ip: string) => void;
  onBug?: (error: unknown) => void;
}

export interface Sandbox {
  /** Plays API Entreprise. */
  api: FastifyInstance;
  /** Stages faults and counts calls; for loopback only. */
  control: FastifyInstance;
}

export function createSandbox({
  answerQuestion,
  now = Date.now,
  random = Math.random,
  sleep = (ms) => delay(ms, undefined, { ref: false }),
  secret = DEFAULT_SECRET,
  quotas = true,
  bans: banning = false,
  maintenance = false,
  faults: initialFaults = {},
  publicUrl,
  onBan = () => undefined,
  onBug = () => undefined,
}: SandboxOptions): Sandbox {
  const bans = createBans({ now, onBan });
  const api = createApi({ isBanned: (ip) => banning && bans.strikes(ip), onBug });
  let listeningUrl: string | undefined;
  const baseUrl = () => {
    listeningUrl ??= publicUrl?.replace(/\/$/, '') ?? api.listeningOrigin;
    return listeningUrl;
  };

  const readToken = createReadToken({ secret, now });
  const takeQuota = createTakeQuota({ now, limited: quotas });
  const maintenanceEnd = maintenance ? createMaintenanceEnd({ now }) : null;
  const faults = createFaults({ now, random });
  for (const [id, plan] of Object.entries(initialFaults)) faults.plans.set(id, plan);
  const documents = createDocuments({ baseUrl, now });
  const cache = createResponseCache({ now });
  const calls: Calls = new Map();

  const answerCall = createAnswerCall({ answerQuestion, cache, documents, maintenanceEnd, now });
  const conflicts = createConflicts({ now });
  const serve = createServeEndpoint({
    readToken,
    takeQuota,
    conflicts,
    faults,
    answerCall,
    calls,
    now,
    sleep,
  });
  for (const endpoint of endpoints) api.get(routeOf(endpoint.path), serve(endpoint));
  documentRoutes(api, { documents, takeQuota, faults, now, sleep });
  pingRoutes(api, { baseUrl, faults, maintenanceEnd, now });
  privilegesRoutes(api, { readToken });

  const control = createControl({ faults, calls, clearCache: cache.clear, liftBans: bans.lift });
  return { api, control };
}

/** Any integer version reaches the endpoint, which knows those it has. */
function routeOf(path: string): string {
  return `/v:version(^\\d+$)${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
}
