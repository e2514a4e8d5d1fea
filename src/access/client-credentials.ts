import { hash, randomUUID, timingSafeEqual } from 'node:crypto';
import { decodeJwt, errors, importJWK, type JWK, jwtVerify } from 'jose';
import { Broken } from '../storage/database.ts';
import type { AccessStore, Credential } from './access-store.ts';
import type { Register } from './register.ts';
import type { SigningKeys } from './signing-keys.ts';
import { ISSUER, signToken } from './tokens.ts';

/** What a client proves itself with (RFC 6749, 2.3; RFC 7523, 2.2). */
export type ClientProof = { client: string; secret: string } | { assertion: string };

export type Exchanged =
  | { token: string; expiresInSeconds: number }
  /** Of RFC 6749, 5.2; or the store is away. */
  | 'invalid_client'
  | 'unavailable';

export type ExchangeCredentials = (proof: ClientProof) => Promise<Exchanged>;

export interface ExchangeOptions {
  register: Register;
  store: AccessStore;
  keys: SigningKeys;
  /** Whom an assertion may be addressed to, besides the issuer's name. */
  audiences: readonly string[];
  now: () => number;
}

const TOKEN_SECONDS = 600;
/** An assertion is used at once; one that is good for longer could be stolen for longer. */
const ASSERTION_MAX_SECONDS = 300;
/** Between the client's clock and ours. */
const SKEW_SECONDS = 10;
/** What stores of any kind can hold: Postgres takes no NUL in a text. */
const JTI = /^[^\0]{1,200}$/;
export const CLIENT_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256'];

/** Gives a short-lived token for what a client proves itself with. */
export function createExchange(options: ExchangeOptions): ExchangeCredentials {
  const { register, store, keys, audiences, now } = options;

  function standing(client: string, kind: Credential['kind']): Credential[] {
    const holder = register.holder(client);
    if (!holder || holder.isRevoked || holder.expiresMs <= now()) return [];
    const credentials = register.credentialsOf(client);
    return credentials.filter(
      (one) => one.kind === kind && one.revokedAtMs === null && one.expiresAtMs > now(),
    );
  }

  function bySecret(client: string, secret: string): Credential | null {
    const digest = digestOf(secret);
    return standing(client, 'secret').find(({ proof }) => isSame(digest, proof ?? '')) ?? null;
  }

  async function byAssertion(assertion: string): Promise<Credential | Broken | null> {
    const client = clientIn(assertion);
    for (const credential of client === null ? [] : standing(client, 'cle')) {
      const used = await useOf(assertion, credential);
      if (used instanceof Broken) return used;
      if (used) return credential;
    }
    return null;
  }

  /** Whether that key signed it, for us, now, and for the first time. */
  async function useOf(assertion: string, { habilitationId, proof }: Credential): Promise<boolean | Broken> {
    const nowMs = now();
    try {
      const jwk = JSON.parse(proof ?? '') as JWK;
      const { payload } = await jwtVerify(
        assertion,
        await importJWK(jwk, jwk.alg ?? ALGORITHM_OF[jwk.kty ?? '']),
        {
          issuer: habilitationId,
          subject: habilitationId,
          audience: [ISSUER, ...audiences],
          algorithms: CLIENT_ALGORITHMS,
          requiredClaims: ['exp', 'jti'],
          clockTolerance: SKEW_SECONDS,
          currentDate: new Date(nowMs),
        },
      );
      const { exp = 0, jti = '' } = payload;
      const isLong = exp * 1000 > nowMs + (ASSERTION_MAX_SECONDS + SKEW_SECONDS) * 1000;
      if (isLong || typeof jti !== 'string' || !JTI.test(jti)) return false;
      // Some clocks write fractions of a second, and the time of an assertion is judged in whole ones.
      return store.useAssertion(habilitationId, jti, Math.ceil(exp + SKEW_SECONDS) * 1000);
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return false;
      throw error;
    }
  }

  return async (proof) => {
    if (!register.isCurrent()) return 'unavailable';
    const credential =
      'secret' in proof ? bySecret(proof.client, proof.secret) : await byAssertion(proof.assertion);
    if (credential instanceof Broken) return 'unavailable';
    if (!credential) return 'invalid_client';
    const key = await keys.current();
    if (key instanceof Broken) return 'unavailable';
    await knownKey(register, key.kid);
    const nowMs = now();
    const { id: credentialId, habilitationId } = credential;
    const expiresMs = nowMs + TOKEN_SECONDS * 1000;
    const token = await signToken(key, { habilitationId, credentialId, jti: randomUUID(), nowMs, expiresMs });
    return { token, expiresInSeconds: TOKEN_SECONDS };
  };
}

/** A key that was just made is good in this process before a token of it is given away. */
async function knownKey(register: Register, kid: string): Promise<void> {
  if (!register.publicKey(kid)) await register.refresh();
}

export const ALGORITHM_OF: Record<string, string> = { OKP: 'EdDSA', EC: 'ES256', RSA: 'RS256' };

function clientIn(assertion: string): string | null {
  try {
    return decodeJwt(assertion).sub ?? null;
  } catch {
    return null;
  }
}

/** A secret is drawn at random, 256 bits of it: nothing slower than a digest is needed against guessing. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
