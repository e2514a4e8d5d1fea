import { createAccessStore } from './access/access-store.ts';
import { createAttempts } from './access/attempts.ts';
import { createExchange, type ExchangeCredentials } from './access/client-credentials.ts';
import { createGate, type Gate } from './access/gate.ts';
import type { RateBudget } from './access/rate-budget.ts';
import { createRecognise } from './access/recognise.ts';
import { createRegister, type Holder, type Register } from './access/register.ts';
import { createSigningKeys } from './access/signing-keys.ts';
import type { Config } from './config.ts';
import type { Log } from './infrastructure.ts';
import { openDatabase } from './storage/open-database.ts';

/** Who is let in, and on what account. */
export interface Access {
  gate: Gate;
  exchange: ExchangeCredentials;
  /** Whether habilitations are known: without them nobody is let in. */
  isWell(): boolean;
  /** Of a habilitation that opens something now; null for one that was revoked, has expired, or is good elsewhere. */
  holderInForce(habilitationId: string): Holder | null;
  metricsToken: string | undefined;
  /** What Swagger UI sends for each usage, where there is something to try. */
  demonstration: Readonly<Record<string, string>>;
}

export interface OpenedAccess extends Access {
  register: Register;
  close(): Promise<void>;
}

export interface AccessOptions {
  config: Config;
  /** Where the administrations are mocked: tokens of the demonstration, by name. */
  demonstration: Readonly<Record<string, string>> | null;
  rates: RateBudget;
  /** Apart from the rates: whoever tries from many networks fills no room of those who were let in. */
  attempts: RateBudget;
  log: Log;
  now: () => number;
}

/** Opens what must last, and reads who was granted what. A store that is away lets nobody in until it is back. */
export async function openAccess({
  config,
  demonstration,
  rates,
  attempts,
  log,
  now,
}: AccessOptions): Promise<OpenedAccess> {
  const { DATA_DIR, PUBLIC_URL, METRICS_TOKEN } = config;
  const onLost = ({ message }: Error) => log.warn({ err: message }, 'a connection to the database was lost');
  const database = openDatabase({ ...config, onLost });
  const store = createAccessStore({ database, now });
  const register = createRegister({
    store,
    onChange: (isAway, reason) =>
      isAway
        ? log.error({ err: reason }, 'habilitations cannot be read: nobody is let in until they can')
        : log.info({}, 'habilitations are read again'),
  });
  await register.refresh();
  const keys = createSigningKeys({ folder: DATA_DIR, store });
  const audiences = PUBLIC_URL ? [PUBLIC_URL, `${PUBLIC_URL}/oauth/token`] : [];
  return {
    register,
    gate: createGate({
      recognise: createRecognise({ register, now }),
      rates,
      isDemonstration: demonstration !== null,
    }),
    exchange: createExchange({
      register,
      store,
      keys,
      attempts: createAttempts({ budget: attempts }),
      audiences,
      now,
    }),
    isWell: register.isCurrent,
    holderInForce(id) {
      const holder = register.holder(id);
      const isOver = !holder || holder.isRevoked || holder.expiresMs <= now();
      return isOver || (holder.habilitation.demonstration && demonstration === null) ? null : holder;
    },
    metricsToken: METRICS_TOKEN,
    demonstration: demonstration ?? {},
    async close() {
      register.close();
      await database.close();
    },
  };
}
