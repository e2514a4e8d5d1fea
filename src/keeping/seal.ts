import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** Hides what is kept outside the process, and under which name. */
export interface Seal {
  /** A name that tells neither who nor what to someone without the key. */
  nameOf(key: string): string;
  close(plain: Buffer, name: string): Buffer;
  /** Null when the bytes were not sealed under a known key and this name, or were altered. */
  open(sealed: Buffer, name: string): Buffer | null;
}

const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface Keys {
  id: Buffer;
  value: Buffer;
  name: Buffer;
}

/** Drawn from the secret, so that no key serves twice; the id tells which secret it was, not what it is. */
function keysOf(secret: Buffer): Keys {
  const draw = (purpose: string) => createHmac('sha256', secret).update(purpose).digest();
  return { id: draw('id').subarray(0, KEY_ID_BYTES), value: draw('value'), name: draw('name') };
}

/**
 * AES-256-GCM with a random nonce, the name as associated data: a value moved under another name does not
 * open. Names are HMAC-SHA-256. Sealed bytes begin with the id of their key.
 *
 * @param secret 32 bytes: closes, and names
 * @param former secrets that were in use before: what they closed still opens
 */
export function createSeal(secret: Buffer, former: readonly Buffer[] = []): Seal {
  const keys = keysOf(secret);
  const known = [keys, ...former.map(keysOf)];
  return {
    nameOf: (key) => createHmac('sha256', keys.name).update(key).digest('base64url'),
    close(plain, name) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys.value, nonce).setAAD(Buffer.from(name));
      return Buffer.concat([keys.id, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, name) {
      if (sealed.length < KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES) return null;
      const id = sealed.subarray(0, KEY_ID_BYTES);
      const key = known.find((one) => one.id.equals(id));
      return key ? openWith(key.value, sealed.subarray(KEY_ID_BYTES), name) : null;
    },
  };
}

function openWith(key: Buffer, sealed: Buffer, name: string): Buffer | null {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    // Throws unless the tag is right; this mode keeps no bytes back for it to give.
    decipher.final();
    return plain;
  } catch {
    return null;
  }
}

/** Without a key, on loopback only: names are hashed so that they stay short, values are as they are. */
export const openSeal: Seal = {
  nameOf: (key) => createHash('sha256').update(key).digest('base64url'),
  close: (plain) => plain,
  open: (sealed) => sealed,
};
