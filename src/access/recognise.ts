import { hash, timingSafeEqual } from 'node:crypto';
import { type Refusal, refusal } from './refusal.ts';
import type { Holder, Register } from './register.ts';
import { type Claims, claimsIn, isSignedBy } from './tokens.ts';

/** Who a token makes of its bearer. */
export interface Recognise {
  /**
   * At once, for a token whose signature was checked before; undefined for any other.
   *
   * @param connection whose last token is remembered as it stands, for as long as it lives: most send the same
   */
  again(authorization: string, connection: object): Holder | Refusal | undefined;
  first(authorization: string | undefined): Promise<Holder | Refusal>;
}

const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i;
/** Ours are a third of it. */
const MAX_LENGTH = 2_048;
const MAX_REMEMBERED = 20_000;

/**
 * A signature is checked once; whether the token, its key, its credential and its habilitation are still good is
 * looked at each time, in memory.
 */
export function createRecognise({ register, now }: { register: Register; now: () => number }): Recognise {
  /** By digest: tokens themselves are not kept. */
  const signed = new Map<string, Claims>();
  const lastOf = new WeakMap<object, { authorization: Buffer; claims: Claims }>();

  function standing(claims: Claims): Holder | Refusal {
    if (!register.isCurrent()) return refusal('registre_indisponible');
    const credential = register.credential(claims.credentialId);
    const holder = register.holder(claims.habilitationId);
    if (!credential || !holder || credential.habilitationId !== claims.habilitationId)
      return refusal('jeton_refuse');
    if (!register.publicKey(claims.kid) || credential.revokedAtMs !== null) return refusal('jeton_revoque');
    if (holder.isRevoked) return refusal('habilitation_revoquee');
    const nowMs = now();
    if (holder.expiresMs <= nowMs) return refusal('habilitation_expiree');
    const isExpired = Math.min(claims.expiresMs, credential.expiresAtMs) <= nowMs;
    return isExpired ? refusal('jeton_expire') : holder;
  }

  function remember(digest: string, claims: Claims): void {
    // When there are too many all are forgotten, which costs less than keeping them in the order of their use.
    if (signed.size >= MAX_REMEMBERED) signed.clear();
    signed.set(digest, claims);
  }

  /** Claims first: what nobody granted costs no signature check. */
  async function prove(token: string): Promise<Claims | Refusal> {
    if (!register.isCurrent()) return refusal('registre_indisponible');
    const claims = claimsIn(token);
    if (!claims) return refusal('jeton_refuse');
    const isKnown = () => register.publicKey(claims.kid) && register.credential(claims.credentialId);
    // It may have been granted a moment ago, by another process.
    if (!isKnown()) await register.refresh();
    const key = register.publicKey(claims.kid);
    return key && isKnown() && (await isSignedBy(token, key)) ? claims : refusal('jeton_refuse');
  }

  return {
    again(authorization, connection) {
      const last = lastOf.get(connection);
      const bytes = Buffer.from(authorization, 'latin1');
      if (last && isSame(last.authorization, bytes)) return standing(last.claims);
      const claims = signed.get(digestOf(authorization));
      if (claims) lastOf.set(connection, { authorization: bytes, claims });
      return claims && standing(claims);
    },
    async first(authorization) {
      if (!authorization) return refusal('jeton_absent');
      const [, token] = (authorization.length <= MAX_LENGTH && BEARER.exec(authorization)) || [];
      if (!token) return refusal('jeton_refuse');
      const claims = await prove(token);
      if ('reason' in claims) return claims;
      remember(digestOf(authorization), claims);
      return standing(claims);
    },
  };
}

/** In a time that tells nothing: callers behind one proxy may share a connection. */
function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function digestOf(authorization: string): string {
  return hash('sha256', authorization, 'base64url');
}
