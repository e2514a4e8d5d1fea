import { hash, randomUUID, timingSafeEqual } from 'node:crypto';
import { decodeJwt, errors, importJWK, type JWK, jwtVerify } from 'jose';
import { Broken } from '../storage/database.ts';
import type { AccessStore, Credential } from './access-store.ts';
import type { Attempt, Attempts } from './attempts.ts';
import type { Register } from './register.ts';
import type { SigningKeys } from './signing-keys.ts';
import { ISSUER, signToken } from './tokens.ts';

/** What a client proves itself with (RFC 6749, 2.3; RFC 7523, 2.2). */
export type ClientProof = { client: string; secret: string } | { assertion: string };

export type Exchanged =
  | { token: string; expiresInSeconds: number }
  /** Too many attempts: see attempts.ts. */
  | { retryAfterSeconds: number }
  /** Of RFC 6749, 5.2; or the store is away. */
  | 'invalid_client'
  | 'unavailable';

/** @param network that the proof came from: see networks.ts */
export type ExchangeCredentials = (proof: ClientProof, network: string) => Promise<Exchanged>;

export interface ExchangeOptions {
  register: Register;
  store: AccessStore;
  keys: SigningKeys;
  attempts: Attempts;
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
  const { register, store, keys, attempts, audiences, now } = options;

  function standing(client: string, kind: Credential['kind']): Credential[] {
    const holder = register.holder(client);
    if (!holder || holder.isRevoked || holder.expiresMs <= now()) return [];
    const credentials = register.credentialsOf(client);
    return credentials.filter(
      (one) => one.kind === kind && one.revokedAtMs === null && one.expiresAtMs > now(),
    );
  }

  function attemptOf(proof: ClientProof, network: string): Attempt {
    const isSecret = 'secret' in proof;
    const named = isSecret ? proof.client : clientIn(proof.assertion);
    const isStanding = named !== null && standing(named, isSecret ? 'secret' : 'cle').length > 0;
    return {
      client: isStanding ? named : null,
      secretDigest: isSecret ? digestOf(proof.secret) : null,
      network,
    };
  }

  function bySecret(client: string, digest: string): Credential | null {
    return standing(client, 'secret').find(({ proof }) => isSame(digest, proof ?? '')) ?? null;
  }

  async function byAssertion(client: string, assertion: string): Promise<Credential | Broken | null> {
    for (const credential of standing(client, 'cle')) {
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

  async function credentialOf(
    proof: ClientProof,
    { client, secretDigest }: Attempt,
  ): Promise<Credential | Broken | null> {
    if (client === null) return null;
    return 'assertion' in proof ? byAssertion(client, proof.assertion) : bySecret(client, secretDigest ?? '');
  }

  return async (proof, network) => {
    if (!register.isCurrent()) return 'unavailable';
    const attempt = attemptOf(proof, network);
    const retryAfterSeconds = await attempts.take(attempt);
    if (retryAfterSeconds !== null) return { retryAfterSeconds };
    const credential = await credentialOf(proof, attempt);
    if (credential instanceof Broken) return 'unavailable';
    if (!credential) return 'invalid_client';
    attempts.prove(attempt);
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
