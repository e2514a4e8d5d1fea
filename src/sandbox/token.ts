import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { allScopes } from './endpoints.ts';

/** Signs and checks tokens when no other secret is given: a mock protects nothing. */
export const DEFAULT_SECRET = 'bac-a-sable-api-entreprise-sans-aucun-secret';
/** A token with this `jti` is answered 401 `00105`, as one that leaked would be. */
export const BLACKLISTED_JTI = '00000000-0000-4000-8000-00000000b1ac';

const LIFETIME_DAYS = 548;

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
/** What a token must say; `roles` is an older name of `scopes`. */
export const claims = z
  .object({
    uid: uuid,
    jti: uuid,
    sub: z.string(),
    iat: z.number(),
    exp: z.number(),
    version: z.literal('1.0'),
    scopes: z.array(z.string()).optional(),
    roles: z.array(z.string()).optional(),
  })
  .transform(({ uid, jti, exp, scopes, roles }) => ({ uid, jti, exp, scopes: scopes ?? roles ?? [] }));

export type Claims = z.infer<typeof claims>;

export interface MintOptions {
  secret?: string;
  /** Epoch milliseconds. */
  now?: () => number;
  scopes?: readonly string[];
  uid?: string;
  jti?: string;
  /** 18 months unless said, as for a real token. */
  lifetimeDays?: number;
}

/** A token of the sandbox, with every scope unless said. */
export function mintToken({
  secret = DEFAULT_SECRET,
  now = Date.now,
  scopes = allScopes,
  uid = randomUUID(),
  jti = randomUUID(),
  lifetimeDays = LIFETIME_DAYS,
}: MintOptions = {}): Promise<string> {
  const issuedAt = Math.floor(now() / 1000);
  return new SignJWT({ uid, scopes: [...scopes], version: '1.0' })
    .setProtectedHeader({ alg: 'HS256' })
    .setJti(jti)
    .setSubject('bac-a-sable')
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeDays * 86_400)
    .sign(new TextEncoder().encode(secret));
}
