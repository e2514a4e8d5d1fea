import { createAccessStore } from './access/access-store.ts';
import {
  type Demonstration,
  type DemonstrationOptions,
  prepareDemonstration,
} from './access/demonstration.ts';
import { createIssueToken } from './access/issue-token.ts';
import { createSigningKeys } from './access/signing-keys.ts';
import { type Config, ConfigError } from './config.ts';
import { Broken } from './storage/database.ts';
import { openDatabase } from './storage/open-database.ts';

export interface OpenDemonstrationOptions {
  /** Not when anything else was ever granted, or may have been: whoever has users is no longer trying. */
  isAloneOnly?: boolean;
  now?: () => number;
}

/**
 * Grants what one needs to try the gateway, before it starts; null when it is not to be tried.
 *
 * @throws ConfigError when what must last cannot be stored
 */
export async function openDemonstration(
  config: Config,
  { isAloneOnly = false, now = Date.now }: OpenDemonstrationOptions = {},
): Promise<Demonstration | null> {
  const folder = config.DATA_DIR;
  const database = openDatabase({ ...config, onLost: () => {} });
  try {
    const store = createAccessStore({ database, now });
    const issue = createIssueToken({ store, keys: createSigningKeys({ folder, store }), now });
    const prepared = await store.prepare();
    const demonstration =
      prepared instanceof Broken
        ? prepared
        : await demonstrationIn({ folder, store, issue, now }, isAloneOnly);
    if (!(demonstration instanceof Broken)) return demonstration;
    if (isAloneOnly) return null;
    throw new ConfigError(`La base de données ne répond pas : ${demonstration.message}`);
  } finally {
    await database.close();
  }
}

async function demonstrationIn(
  options: DemonstrationOptions,
  isAloneOnly: boolean,
): Promise<Demonstration | Broken | null> {
  const granted = await options.store.read();
  if (granted instanceof Broken) return granted;
  const isAlone = granted.habilitations.every(({ habilitation }) => habilitation.demonstration);
  return isAlone || !isAloneOnly ? prepareDemonstration(options) : null;
}
