import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { AGENT_HEADER, agentIn } from '../access/agent.ts';
import { type Admitted, type Gate, isFromThisMachine } from '../access/gate.ts';
import type { Audience } from '../access/habilitation.ts';
import { networkOf } from '../access/networks.ts';
import { rateLimitOf } from '../access/rate-limit.ts';
import { type Reason, type Refusal, refusal } from '../access/refusal.ts';
import type { RefusalBudget } from '../access/refusal-budget.ts';
import type { Holder } from '../access/register.ts';
import type { Witness, Witnessed } from '../access/witness.ts';
import { PROBLEMS, Problem, type ProblemSlug } from '../problems.ts';

/**
 * Whom a route is for: everybody; those who watch over the gateway, from its machine or with METRICS_TOKEN; or
 * bearers of a token of these audiences. A route that does not say stops the start.
 */
export type AccessRule = 'open' | 'machine' | { audiences: readonly Audience[] };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
  }
}

export interface AccessGateOptions {
  gate: Gate;
  witness: Witness;
  refusals: RefusalBudget;
  metricsToken: string | undefined;
}

const SLUGS: Record<Reason, ProblemSlug> = {
  jeton_absent: 'jeton-manquant',
  jeton_refuse: 'jeton-refuse',
  jeton_expire: 'jeton-refuse',
  jeton_revoque: 'jeton-refuse',
  habilitation_revoquee: 'jeton-refuse',
  habilitation_expiree: 'jeton-refuse',
  client_refuse: 'client-refuse',
  jeton_dans_adresse: 'jeton-dans-adresse',
  demonstration: 'acces-refuse',
  reseau: 'acces-refuse',
  audience: 'acces-refuse',
  usage: 'acces-refuse',
  source: 'acces-refuse',
  destinataire: 'acces-refuse',
  machine: 'acces-refuse',
  debit: 'trop-de-demandes',
  registre_indisponible: 'passerelle-indisponible',
};

/** Somebody who was let in, and whom of the body it says is asking. */
export interface LetIn extends Admitted {
  agent: string | null;
}

/** RFC 6750, 3: no error code for somebody who sent no token. */
const REALM = 'Bearer realm="dites-le-nous-une-fois"';

/** The one place where requests are let in: by the rule of their route, and by nothing else. */
export function accessGate(app: FastifyInstance, options: AccessGateOptions) {
  const { gate, witness, refusals, metricsToken } = options;
  const admitted = new WeakMap<FastifyRequest, LetIn>();

  /** Tells the refusal, and gives what is to be thrown. */
  async function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    refusal: Refusal,
    known: { holder: Holder | null; asked?: Witnessed['asked'] },
  ): Promise<Problem> {
    const problem = problemOf(reply, refusal);
    await tell(request, refusal, known);
    return problem;
  }

  function tell(request: FastifyRequest, refusal: Refusal, known: Parameters<typeof refuse>[3]) {
    const { status } = PROBLEMS[SLUGS[refusal.reason]];
    return new Promise((resolve) => witness(witnessedOf(request, refusal, status, known), resolve));
  }

  function admittedOf(request: FastifyRequest): LetIn {
    const found = admitted.get(request);
    if (!found) throw new Error('a route that is not for bearers of tokens asks who bears one');
    return found;
  }

  /** Before any rate was taken: told one by one as long as they are few. */
  async function refuseAtTheDoor(
    request: FastifyRequest,
    reply: FastifyReply,
    refusal: Refusal,
    holder: Holder | null = null,
  ): Promise<Problem> {
    const network = networkOf(request.raw.socket.remoteAddress ?? '');
    const isTold = refusals.take({ holder, network, reason: refusal.reason });
    return isTold ? refuse(request, reply, refusal, { holder }) : problemOf(reply, refusal);
  }

  function problemOf(reply: FastifyReply, refusal: Refusal): Problem {
    const slug = SLUGS[refusal.reason];
    if (slug === 'jeton-manquant' || slug === 'jeton-refuse') {
      const isAbsent = refusal.reason === 'jeton_absent';
      reply.header('www-authenticate', isAbsent ? REALM : `${REALM}, error="invalid_token"`);
    }
    if (refusal.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(refusal.retryAfterSeconds));
    return new Problem(slug, { detail: refusal.detail });
  }

  async function letIn(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (hasTokenInAddress(request)) {
      throw await refuseAtTheDoor(request, reply, refusal('jeton_dans_adresse'));
    }
    if (request.is404) return;
    const { access } = request.routeOptions.config;
    if (access === 'open') return;
    if (access === 'machine' || access === undefined) {
      if (access && (isFromThisMachine(request.raw) || isMetricsToken(request, metricsToken))) return;
      throw await refuseAtTheDoor(request, reply, refusal('machine'));
    }
    const result = await gate.admit(request.raw, access.audiences);
    if ('refusal' in result) throw await refuseAtTheDoor(request, reply, result.refusal, result.holder);
    const agent = agentIn(request.headers);
    if (agent === undefined) throw unreadableAgent();
    admitted.set(request, { ...result, agent });
    reply.headers(Object.fromEntries(pairsOf(rateLimitOf(result.holder, result.rate))));
  }

  requireRules(app);
  app.addHook('onRequest', letIn);
  app.addHook('onClose', async () => refusals.close());
  return {
    refuse,
    refuseAtTheDoor,
    /** Of a route that is for bearers of tokens. */
    admittedOf,
    async requireStanding(request: FastifyRequest, asked: Witnessed['asked']): Promise<void> {
      const refusal = await gate.refusalNow(request.raw);
      if (!refusal) return;
      await tell(request, refusal, { holder: admittedOf(request).holder, asked });
      throw new Problem(SLUGS[refusal.reason], { detail: refusal.detail });
    },
  };
}

function unreadableAgent(): Problem {
  const detail = 'De 1 à 128 caractères ASCII visibles, sans espace ; donné une fois.';
  return new Problem('parametres-invalides', {
    detail: `À corriger : ${AGENT_HEADER}.`,
    errors: [{ parameter: AGENT_HEADER, detail }],
  });
}

function pairsOf([policy, policyValue, limit, limitValue]: string[]): [string, string][] {
  return [
    [policy ?? '', policyValue ?? ''],
    [limit ?? '', limitValue ?? ''],
  ];
}

function requireRules(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', (done) => {
    const lawless = routes.filter(({ config }) => config?.access === undefined).map(({ url }) => url);
    done(lawless.length > 0 ? new Error(`routes without an access rule: ${lawless.join(', ')}`) : undefined);
  });
}

const TOKEN_NAMES =
  /^(access_?token|token|jeton|authorization|bearer|api_?key|client_secret|client_assertion)$/i;
/** How the first part of a JWT begins: a brace and a quote, encoded. */
const TOKEN_START = 'eyJ';

/** Addresses stay in the logs of whatever they pass through. */
function hasTokenInAddress({ query, url }: FastifyRequest): boolean {
  return holdsToken(url) || Object.entries(query as object).some(isToken);
}

function isToken([name, value]: [string, unknown]): boolean {
  return TOKEN_NAMES.test(name) || holdsToken(String(value));
}

/** Three parts between dots. Split rather than matched: a pattern would try from each letter of a long address. */
function holdsToken(text: string): boolean {
  if (!text.includes(TOKEN_START)) return false;
  return text.split(/[^\w.-]/).some((word) => {
    const parts = word.split('.');
    return parts.length > 2 && parts.slice(0, -2).some((part) => part.includes(TOKEN_START));
  });
}

function isMetricsToken({ headers }: FastifyRequest, expected: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const given = headers.authorization ?? '';
  return expected !== undefined && timingSafeEqual(digest(given), digest(`Bearer ${expected}`));
}

function witnessedOf(
  request: FastifyRequest,
  { reason }: Refusal,
  status: number,
  { holder, asked = null }: { holder: Holder | null; asked?: Witnessed['asked'] | undefined },
): Witnessed {
  const { id: requestId, method, headers } = request;
  // Nobody can speak for a body that is not known.
  const agent = holder && (agentIn(headers) ?? null);
  const route = request.routeOptions.url ?? null;
  return {
    requestId,
    method,
    route,
    holder,
    agent,
    status,
    reason,
    asked,
    kept: [],
    collected: [],
    mere: null,
    digest: null,
  };
}
