import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ALGORITHM, type PrivateKey } from './signing-keys.ts';

/** Who issues tokens and who takes them: the same gateway, under whatever address. */
export const ISSUER = 'urn:dites-le-nous-une-fois';
const TYPE = 'at+jwt';

/** What a token says: whose it is, and what it was given for. */
const claimsSchema = z.object({
  sub: z.string(),
  jti: z.string(),
  /** The credential that it was given for: the token itself when it is long-lived. */
  titre: z.string(),
  exp: z.number(),
});

export interface Claims {
  habilitationId: string;
  credentialId: string;
  jti: string;
  kid: string;
  expiresMs: number;
}

export interface Issuing {
  habilitationId: string;
  credentialId: string;
  jti: string;
  nowMs: number;
  expiresMs: number;
}

export function signToken({ kid, key }: PrivateKey, issuing: Issuing): Promise<string> {
  return new SignJWT({ titre: issuing.credentialId })
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(ISSUER)
    .setSubject(issuing.habilitationId)
    .setJti(issuing.jti)
    .setIssuedAt(Math.floor(issuing.nowMs / 1000))
    .setExpirationTime(Math.floor(issuing.expiresMs / 1000))
    .sign(key);
}

/** What a token claims, before anything proves it; null for what is no token of ours. */
export function claimsIn(token: string): Claims | null {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { sub, jti, titre, exp } = claimsSchema.parse(decodeJwt(token));
    return kid ? { habilitationId: sub, credentialId: titre, jti, kid, expiresMs: exp * 1000 } : null;
  } catch {
    return null;
  }
}

/** Whether the token was signed with that key, for this gateway. Its time is judged elsewhere, each time. */
export async function isSignedBy(token: string, key: CryptoKey): Promise<boolean> {
  try {
    const options = { issuer: ISSUER, audience: ISSUER, typ: TYPE, algorithms: [ALGORITHM] };
    await jwtVerify(token, key, {
      ...options,
      currentDate: new Date(0),
      requiredClaims: ['exp', 'sub', 'jti'],
    });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
