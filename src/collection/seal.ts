import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** Hides what is kept outside the process, and under which name. */
export interface Seal {
  /** A name that tells neither who nor what to someone without the key. */
  nameOf(key: string): string;
  close(plain: Buffer, name: string): Buffer;
  /** Null when the bytes were not sealed under this key and name, or were altered. */
  open(sealed: Buffer, name: string): Buffer | null;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a random nonce, the name as associated data: a value moved under another name does not
 * open. Names are HMAC-SHA-256. The two keys are drawn from the one given, so that neither serves twice.
 *
 * @param secret 32 bytes
 */
export function createSeal(secret: Buffer): Seal {
  const valueKey = createHmac('sha256', secret).update('value').digest();
  const nameKey = createHmac('sha256', secret).update('name').digest();
  return {
    nameOf: (key) => createHmac('sha256', nameKey).update(key).digest('base64url'),
    close(plain, name) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', valueKey, nonce).setAAD(Buffer.from(name));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, name) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const body = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', valueKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(body), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}

/** Without a key, on loopback only: names are hashed so that they stay short, values are as they are. */
export const openSeal: Seal = {
  nameOf: (key) => createHash('sha256').update(key).digest('base64url'),
  close: (plain) => plain,
  open: (sealed) => sealed,
};
