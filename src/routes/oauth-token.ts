import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ClientProof, ExchangeCredentials } from '../access/client-credentials.ts';
import { networkOf } from '../access/networks.ts';
import { type Refusal, refusal } from '../access/refusal.ts';
import { oauthErrorResponse, Problem, problemResponse } from '../problems.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const MAX_FORM_BYTES = 16 * 1024;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MAX_VALUE_LENGTH = 8_192;

const value = z.string().max(MAX_VALUE_LENGTH).optional();
const formSchema = z.object({
  grant_type: value.describe('`client_credentials`'),
  client_id: value.describe("Identifiant de l'habilitation"),
  client_secret: value,
  client_assertion_type: value.describe(`\`${ASSERTION_TYPE}\``),
  client_assertion: value.describe('JWT signé par le client (RFC 7523), utilisable une fois'),
});
type Form = z.infer<typeof formSchema>;

const tokenSchema = z
  .object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int() })
  .meta({ id: 'JetonAcces' });

export interface OauthTokenOptions {
  exchange: ExchangeCredentials;
  access: {
    /** Tells the refusal, as long as they are few, and gives what the route throws. */
    refuseAtTheDoor(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): Promise<Problem>;
  };
}

/** `POST /oauth/token`: a short-lived token for what a client proves itself with (RFC 6749, 4.4). */
export function oauthTokenRoute(app: FastifyInstance, { exchange, access }: OauthTokenOptions): void {
  async function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal, error: string) {
    const { slug, details } = await access.refuseAtTheDoor(request, reply, refusal);
    return new Problem(slug, { ...details, error });
  }

  function refuseClient(request: FastifyRequest, reply: FastifyReply): Promise<Problem> {
    if (request.headers.authorization !== undefined)
      reply.header('www-authenticate', 'Basic realm="dites-le-nous-une-fois"');
    return refuse(request, reply, refusal('client_refuse'), 'invalid_client');
  }

  app.register(async (scope) => {
    const options = { parseAs: 'string' as const, bodyLimit: MAX_FORM_BYTES };
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(FORM_TYPE, options, (_request, body, done) =>
      done(null, formIn(String(body))),
    );
    const config = { access: 'open' as const };
    scope.post(
      '/oauth/token',
      { config, bodyLimit: MAX_FORM_BYTES, schema: documentation },
      async (request, reply) => {
        const proof = proofIn(request);
        if (!proof) throw await refuseClient(request, reply);
        const exchanged = await exchange(proof, networkOf(request.raw.socket.remoteAddress ?? ''));
        if (exchanged === 'unavailable') throw new Problem('passerelle-indisponible', { detail: AWAY });
        if (exchanged === 'invalid_client') throw await refuseClient(request, reply);
        if ('retryAfterSeconds' in exchanged)
          throw await refuse(request, reply, tooMany(exchanged), TOO_MANY_ERROR);
        reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
        const { token: access_token, expiresInSeconds: expires_in } = exchanged;
        return JSON.stringify({ access_token, token_type: 'Bearer', expires_in });
      },
    );
  });
}

const AWAY = 'Les habilitations ne peuvent pas être vérifiées pour le moment.';
/** RFC 6749, 5.2 has no word for a rate; 4.1.2.1 has this one, for a server that cannot do it now. */
const TOO_MANY_ERROR = 'temporarily_unavailable';

function tooMany({ retryAfterSeconds }: { retryAfterSeconds: number }): Refusal {
  const detail = `Trop de demandes de jeton dans la minute. Réessayez dans ${retryAfterSeconds} s ; un jeton sert dix minutes.`;
  return { reason: 'debit', detail, retryAfterSeconds };
}

/** Null when a parameter is given twice (RFC 6749, 3.2). */
function formIn(body: string): Form | null {
  const pairs = [...new URLSearchParams(body)];
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) return null;
  return formSchema.safeParse(Object.fromEntries(pairs)).data ?? null;
}

/**
 * Null when it has none.
 *
 * @throws Problem when the request is not one of ours
 */
function proofIn(request: FastifyRequest): ClientProof | null {
  const form = request.body as Form | null | undefined;
  if (!form)
    throw malformed('invalid_request', `Envoyez un formulaire « ${FORM_TYPE} », chaque paramètre une fois.`);
  if (form.grant_type !== 'client_credentials') {
    throw malformed('unsupported_grant_type', 'Le paramètre grant_type vaut « client_credentials ».');
  }
  const proofs = [basicIn(request), assertionIn(form), secretIn(form)].filter((proof) => proof !== null);
  if (proofs.length > 1)
    throw malformed('invalid_request', 'Prouvez-vous d’une seule façon : secret ou assertion.');
  return proofs[0] ?? null;
}

function secretIn({ client_id, client_secret }: Form): ClientProof | null {
  return client_id !== undefined && client_secret !== undefined
    ? { client: client_id, secret: client_secret }
    : null;
}

function assertionIn({ client_assertion, client_assertion_type }: Form): ClientProof | null {
  if (client_assertion === undefined) return null;
  if (client_assertion_type === ASSERTION_TYPE) return { assertion: client_assertion };
  throw malformed('invalid_request', `Le paramètre client_assertion_type vaut « ${ASSERTION_TYPE} ».`);
}

/** Both parts are encoded as in a form before they are joined (RFC 6749, 2.3.1). */
function basicIn({ headers }: FastifyRequest): ClientProof | null {
  const [, encoded] = /^Basic +([\w+/=-]+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  const [client, secret] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)].map(decoded);
  return client && secret ? { client, secret } : null;
}

function decoded(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? '';
}

function malformed(error: string, detail: string): Problem {
  return new Problem('demande-de-jeton-refusee', { detail, error });
}

const documentation = {
  operationId: 'demanderJeton',
  tags: ['Jetons'],
  summary: 'Un jeton de courte durée',
  description:
    "OAuth 2, « client credentials » : secret (`client_secret_basic` ou `client_secret_post`) ou JWT signé par le client (`private_key_jwt`). L'identifiant du client est celui de l'habilitation.",
  security: [],
  consumes: [FORM_TYPE],
  body: formSchema,
  response: {
    200: { description: 'Le jeton', content: { 'application/json': { schema: tokenSchema } } },
    400: oauthErrorResponse('La demande est mal formée'),
    401: oauthErrorResponse("Le client n'est pas reconnu"),
    429: oauthErrorResponse('Trop de demandes de jeton dans la minute : voir `Retry-After`'),
    415: problemResponse("Le type de contenu envoyé n'est pas accepté"),
    503: problemResponse('Les habilitations ne peuvent pas être vérifiées pour le moment'),
  },
};
