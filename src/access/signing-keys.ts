import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { Broken } from '../storage/database.ts';
import type { AccessStore } from './access-store.ts';

export const ALGORITHM = 'EdDSA';

export interface PrivateKey {
  kid: string;
  key: CryptoKey;
}

/**
 * The key that this machine signs with. It never leaves the data folder: what all processes of all machines
 * share, through the store, are the public keys.
 */
export interface SigningKeys {
  /** Makes one at the first use, and tells its public key to the others. Broken when they cannot be told. */
  current(): Promise<PrivateKey | Broken>;
  /** A new one from now on; what the one before signed stays good until that key is revoked. */
  rotate(): Promise<PrivateKey | Broken>;
}

const FILE = 'signing-key.json';

export function createSigningKeys({ folder, store }: { folder: string; store: AccessStore }): SigningKeys {
  const file = join(folder, FILE);
  const told = new Set<string>();

  async function use({ kid = '', d, ...publicJwk }: JWK): Promise<PrivateKey | Broken> {
    if (!told.has(kid)) {
      const added = await store.addKey({ kid, publicJwk: JSON.stringify({ ...publicJwk, kid }) });
      if (added instanceof Broken) return added;
      told.add(kid);
    }
    const key = await importJWK({ ...publicJwk, ...(d && { d }) }, ALGORITHM);
    return { kid, key: key as CryptoKey };
  }

  return {
    // Read each time, which is rare: another process may have changed it.
    current: async () => use(readJwk(file) ?? (await makeJwk(folder, file, linkSync))),
    rotate: async () => use(await makeJwk(folder, file, renameSync)),
  };
}

function readJwk(file: string): JWK | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** @param place puts a whole file at its place, at once: two processes that start together use one key */
async function makeJwk(
  folder: string,
  file: string,
  place: (from: string, to: string) => void,
): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  // A letter first: on a command line it is then never taken for an option.
  const whole = { ...jwk, kid: `k${await calculateJwkThumbprint(jwk)}` };
  const draft = `${file}.${randomUUID()}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(draft, JSON.stringify(whole), { mode: 0o600 });
  try {
    place(draft, file);
    return whole;
  } catch (error) {
    const other = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readJwk(file) : null;
    if (other) return other;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
