import { compactVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { BLACKLISTED_JTI, type Claims, claims as claimsSchema } from './token.ts';

const REMEMBERED_TOKENS = 1_000;

/** `refusal` is the code of a 401; its claims are known when it is only expired or blacklisted. */
export type Token =
  | { refusal?: undefined; claims: Claims }
  | { refusal: '00103' | '00105'; claims: Claims }
  | { refusal: '00101'; claims?: undefined };

/** Headers and query where a token may be, in the order API Entreprise looks for it. */
export interface TokenBearer {
  authorization?: string | undefined;
  apiKey?: string | undefined;
  query?: string | undefined;
}

export type ReadToken = (bearer: TokenBearer) => Promise<Token>;

/** A signature is checked once per token and remembered; the expiry is looked at each time. */
export function createReadToken({ secret, now }: { secret: string; now: () => number }): ReadToken {
  const key = new TextEncoder().encode(secret);
  const known = new LRUCache<string, Claims>({ max: REMEMBERED_TOKENS });
  return async (bearer) => {
    const raw = rawTokenOf(bearer);
    if (raw === undefined) return { refusal: '00101' };
    const claims = known.get(raw) ?? (await verify(raw, key));
    if (!claims) return { refusal: '00101' };
    if (!known.has(raw)) known.set(raw, claims);
    if (claims.jti === BLACKLISTED_JTI) return { refusal: '00105', claims };
    return claims.exp * 1000 <= now() ? { refusal: '00103', claims } : { claims };
  };
}

function rawTokenOf({ authorization, apiKey, query }: TokenBearer): string | undefined {
  return /^Bearer ([^ ]+)$/.exec(authorization ?? '')?.[1] ?? apiKey ?? query;
}

async function verify(raw: string, key: Uint8Array): Promise<Claims | undefined> {
  try {
    const { payload } = await compactVerify(raw, key, { algorithms: ['HS256'] });
    return claimsSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}
