import { randomUUID } from 'node:crypto';
import { Broken } from '../storage/database.ts';
import type { AccessStore } from './access-store.ts';
import type { SigningKeys } from './signing-keys.ts';
import { signToken } from './tokens.ts';

export interface IssueOptions {
  store: AccessStore;
  keys: SigningKeys;
  now: () => number;
}

/** Gives a habilitation a long-lived token. It is shown once: what is stored does not open anything. */
export type IssueToken = (
  habilitationId: string,
  expiresMs: number,
) => Promise<{ id: string; token: string } | Broken>;

export function createIssueToken({ store, keys, now }: IssueOptions): IssueToken {
  return async (habilitationId, expiresMs) => {
    const key = await keys.current();
    if (key instanceof Broken) return key;
    const id = randomUUID();
    const added = await store.addCredential({
      id,
      habilitationId,
      kind: 'jeton',
      proof: null,
      expiresAtMs: expiresMs,
    });
    if (added instanceof Broken) return added;
    const issuing = { habilitationId, credentialId: id, jti: id, nowMs: now(), expiresMs };
    return { id, token: await signToken(key, issuing) };
  };
}
