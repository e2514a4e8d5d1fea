import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Signs what a chain seals (Ed25519, RFC 8032). */
export interface Signer {
  /** The public key, base64url: 43 characters. */
  key: string;
  /** @returns base64url */
  sign(text: string): string;
}

/** RFC 8410: what stands before a seed of 32 bytes in PKCS #8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param seed 32 bytes, secret */
export function createSigner(seed: Buffer): Signer {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { key: x, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url') };
}

export type CheckSignature = (key: string, text: string, signature: string) => boolean;

/** @param keys public keys, base64url, that are trusted: a signature by any other is none */
export function createCheckSignature(keys: readonly string[]): CheckSignature {
  const trusted = new Map(keys.map((key) => [key, publicKeyOf(key)]));
  return (key, text, signature) => {
    const publicKey = trusted.get(key);
    return (
      publicKey !== undefined &&
      verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'))
    );
  };
}

function publicKeyOf(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
