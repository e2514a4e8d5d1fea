import { pino } from 'pino';
import { habilitationOf } from '../../src/access/demonstration.ts';
import type { Gate } from '../../src/access/gate.ts';
import { openTo } from '../../src/access/networks.ts';
import { rightsOf } from '../../src/access/rights.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openInfrastructure } from '../../src/infrastructure.ts';
import { createLineBatches } from '../../src/line-batches.ts';
import { createMetrics } from '../../src/plugins/metrics.ts';
import { printUrl } from '../listening.ts';

/**
 * The gateway without what guards it: whoever comes is let in without a look at their token or their rate, and
 * nothing is written down. What the guards cost is what is between it and the gateway.
 */

const YEAR_MS = 365 * 86_400_000;
const habilitation = habilitationOf('marche_public', Date.now() + YEAR_MS);
const rate = { isTaken: true, left: 1, resetSeconds: 60 };
const holder = {
  habilitation,
  rights: rightsOf(habilitation),
  recipients: new Set<string>([habilitation.organisme.siret]),
  isOpenTo: openTo([]),
  expiresMs: Number.POSITIVE_INFINITY,
  isRevoked: false,
  ratePolicy: `"habilitation";q=${habilitation.debit.par_minute};w=60`,
};
const openGate: Gate = {
  recallNow: () => holder,
  takeNow: () => rate,
  admit: async () => ({ holder, rate }),
  refusalNow: async () => null,
  takeFamilies: async () => null,
};
const unwritten = { record: async () => {}, isOpen: () => true, close: async () => {} };

const config = loadConfig(process.env);
const { SOURCES_URL = '' } = config;
const lines = createLineBatches(pino.destination({ sync: false, contentMode: 'buffer' }));
const log = pino({ level: config.LOG_LEVEL, base: null }, lines);
const metrics = createMetrics();
const now = Date.now;
const infrastructure = await openInfrastructure({
  config: { ...config, SOURCES_URL },
  journal: unwritten,
  metrics,
  log,
  now,
});
const app = await createApp({
  ...infrastructure,
  access: { ...infrastructure.access, gate: openGate },
  witness: (_witnessed, leave) => leave(true),
  version: 'bench',
  isDraining: () => false,
  metrics,
  log,
  now,
});
await app.listen({ host: config.HOST, port: 0 });
printUrl(app.server.address() as Parameters<typeof printUrl>[0]);
