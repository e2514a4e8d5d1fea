import type { FastifyInstance, InjectOptions } from 'fastify';
import { createAccessStore } from '../../src/access/access-store.ts';
import { DEMONSTRATION_NAMES, habilitationOf } from '../../src/access/demonstration.ts';
import type { Habilitation } from '../../src/access/habilitation.ts';
import { createIssueToken } from '../../src/access/issue-token.ts';
import { createSigningKeys } from '../../src/access/signing-keys.ts';
import type { Siret } from '../../src/dossier/siret.ts';
import { Broken } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import type { Place } from './databases.ts';

/** By usage, and for `public` and `entreprise`. */
export type Tokens = Readonly<Record<string, string>>;

/** Other bodies that tests ask for. */
const EDITEUR = { nom: 'Éditeur', clients: ['41816609600069', '55203253400646'] as Siret[] };
const YEAR_MS = 365 * 86_400_000;

/**
 * Grants, where a gateway will look, a habilitation of each name that is good for all its sources, and gives a
 * token of each.
 *
 * @param change what is to be otherwise in each
 */
export async function grantTokens(
  place: Place,
  now: () => number = Date.now,
  change: Partial<Habilitation> = {},
): Promise<Tokens> {
  const database = openDatabase({ ...place, onLost: () => {} });
  const store = createAccessStore({ database, now });
  const keys = createSigningKeys({ folder: place.DATA_DIR, store });
  const issue = createIssueToken({ store, keys, now });
  const tokens: Record<string, string> = {};
  sure(await store.prepare());
  for (const name of DEMONSTRATION_NAMES) {
    const habilitation = {
      ...habilitationOf(name, now() + YEAR_MS),
      demonstration: false,
      editeur: EDITEUR,
      ...change,
    };
    const id = `essai-${name}`;
    sure(await store.grant({ ...habilitation, id }));
    tokens[name] = sure(await issue(id, now() + YEAR_MS)).token;
  }
  await database.close();
  return tokens;
}

/** @throws when the store does not answer, which a test does not expect */
export function sure<T>(result: T | Broken): T {
  if (result instanceof Broken) throw result;
  return result;
}

const known = new Map<string, Tokens>();

/** Those who ask the gateway at this address send these tokens from now on. */
export function knowTokens(url: string, tokens: Tokens): void {
  known.set(new URL(url).origin, tokens);
}

export function tokensAt(url: string): Tokens {
  return known.get(new URL(url).origin) ?? {};
}

/**
 * The header for a question, by the usage in its address, or in its fragment, which is not sent; of whatever usage
 * where it names none.
 */
export function bearerFor(tokens: Tokens, path: string): { authorization?: string } {
  const { pathname, searchParams, hash } = new URL(path, 'http://localhost');
  const isOfCompany = pathname.startsWith('/v1/entreprises/');
  const token =
    tokens[isOfCompany ? 'entreprise' : (searchParams.get('usage') ?? hash.slice(1))] ?? tokens.marche_public;
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** The header for a whole address. */
export function bearerAt(url: string): { authorization?: string } {
  return bearerFor(tokensAt(url), url);
}

/** What is injected without a token is given the one of its usage. */
export function injectWithTokens(app: FastifyInstance, tokens: Tokens): void {
  const inject = app.inject.bind(app) as (options: InjectOptions) => unknown;
  app.inject = ((given: InjectOptions | string) => {
    const options = typeof given === 'string' ? { url: given } : given;
    const { usage } = (options.payload ?? {}) as { usage?: string };
    const url = usage ? `${options.url}?usage=${usage}` : String(options.url);
    const headers = { ...bearerFor(tokens, url), ...options.headers };
    return inject({ ...options, headers });
  }) as never;
}
