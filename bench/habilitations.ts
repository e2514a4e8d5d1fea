import { createAccessStore } from '../src/access/access-store.ts';
import { habilitationOf } from '../src/access/demonstration.ts';
import { createIssueToken } from '../src/access/issue-token.ts';
import { createSigningKeys } from '../src/access/signing-keys.ts';
import { USAGES } from '../src/dossier/usage.ts';
import { Broken } from '../src/storage/database.ts';
import { openDatabase } from '../src/storage/open-database.ts';

const YEAR_MS = 365 * 86_400_000;
const now = Date.now;

/** What the callers of a bench send, by usage: the gateways of one data folder know them all. */
const tokens = new Map<string, string>();

/** Grants what the bench asks for, in the data folder of its gateways. */
export async function grantHabilitations(folder: string): Promise<void> {
  const database = openDatabase({ DATA_DIR: folder, onLost: () => {} });
  const store = createAccessStore({ database, now });
  const issue = createIssueToken({ store, keys: createSigningKeys({ folder, store }), now });
  const endMs = now() + YEAR_MS;
  sure(await store.prepare());
  for (const usage of USAGES) {
    sure(await store.grant({ ...habilitationOf(usage, endMs), id: usage, demonstration: false }));
    tokens.set(usage, sure(await issue(usage, endMs)).token);
  }
  await database.close();
}

/** The header of whoever asks for a dossier; those who do not look at it are sent it too. */
export function bearerOf(path: string): { authorization: string } {
  const usage = new URL(path, 'http://bench').searchParams.get('usage') ?? '';
  return { authorization: `Bearer ${tokens.get(usage)}` };
}

function sure<T>(result: T | Broken): T {
  if (result instanceof Broken) throw result;
  return result;
}
