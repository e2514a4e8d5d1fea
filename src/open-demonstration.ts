import { createAccessStore } from './access/access-store.ts';
import { type Demonstration, prepareDemonstration } from './access/demonstration.ts';
import { createIssueToken } from './access/issue-token.ts';
import { createSigningKeys } from './access/signing-keys.ts';
import { type Config, ConfigError } from './config.ts';
import { Broken } from './storage/database.ts';
import { openDatabase } from './storage/open-database.ts';

/**
 * Grants what one needs to try the gateway, before it starts.
 *
 * @throws ConfigError when what must last cannot be stored
 */
export async function openDemonstration(
  config: Config,
  now: () => number = Date.now,
): Promise<Demonstration> {
  const folder = config.DATA_DIR;
  const database = openDatabase({ ...config, onLost: () => {} });
  try {
    const store = createAccessStore({ database, now });
    const prepared = await store.prepare();
    const issue = createIssueToken({ store, keys: createSigningKeys({ folder, store }), now });
    const demonstration =
      prepared instanceof Broken ? prepared : await prepareDemonstration({ folder, store, issue, now });
    if (demonstration instanceof Broken)
      throw new ConfigError(`La base de données ne répond pas : ${demonstration.message}`);
    return demonstration;
  } finally {
    await database.close();
  }
}
