import { Agent } from 'undici';
import { createFetchDocument } from './collection/fetch-document.ts';
import { createKeepDocument, type KeepDocument } from './collection/keep-document.ts';
import { publicLookup } from './collection/public-lookup.ts';
import type { QuotaBudget } from './collection/quota.ts';
import type { Archive } from './documents/archive.ts';
import { openArchive } from './documents/open-archive.ts';
import { keepPurging } from './documents/purging.ts';
import type { InfrastructureOptions } from './infrastructure.ts';
import { catalog } from './sources/catalog.ts';
import type { Quota } from './sources/source.ts';
import { documentsDays } from './usages/usages.ts';

export interface OpenedDocuments {
  archive: Archive;
  keep: KeepDocument;
  close(): Promise<void>;
}

/** Of the documents of one source, to each machine they are on. */
const CONNECTIONS = 8;

/** What fetches documents and keeps them, and removes them when their time is over. */
export function openDocuments(options: InfrastructureOptions, quota: QuotaBudget): OpenedDocuments {
  const { config, metrics, log, now } = options;
  const opened = options.archive ? null : openArchive({ ...config, retentionDays: documentsDays, now });
  const archive = (options.archive ?? opened?.archive) as Archive;
  const agents = openAgents(options);
  const purging = keepPurging({
    archive,
    onPurged: (count) => log.info(count, 'documents whose time was over are removed'),
    onFailed: (err) => log.error({ err }, 'documents whose time is over cannot be removed'),
  });
  const fetch = createFetchDocument({
    dispatcherOf: ({ id }) => agents.get(id) as Agent,
    ownOrigin: new URL(config.SOURCES_URL).origin,
    takeDetour: (bucket) => takeNow(quota, bucket),
  });
  const keep = createKeepDocument({
    fetch,
    archive,
    now,
    onTried({ id }, result, err) {
      metrics.documentTried(id, result);
      if (result !== 'conserve') log.warn({ source: id, result, err }, 'a document could not be kept');
    },
  });
  return {
    archive,
    keep,
    async close() {
      purging.close();
      await Promise.all([...[...agents.values()].map((agent) => agent.destroy()), opened?.close()]);
    },
  };
}

/** Apart from the calls, so that a store that hangs takes no source's connections; none leads into a private network. */
function openAgents({ config, resolve }: InfrastructureOptions): Map<string, Agent> {
  const { hostname } = new URL(config.SOURCES_URL);
  const connect = { lookup: publicLookup((name) => name === hostname, resolve) };
  const documented = catalog.filter(({ document }) => document !== null);
  return new Map(
    documented.map(({ id }) => [
      id,
      new Agent({ connections: CONNECTIONS, connect, headersTimeout: 0, bodyTimeout: 0 }),
    ]),
  );
}

/** Whether one more call may be made now. A place that comes later is left empty: the document is tried again by then. */
function takeNow(quota: QuotaBudget, bucket: Quota): Promise<boolean> {
  return new Promise((resolve) => {
    const taken = quota.take({ bucket, lane: 'background', onDelayed: () => resolve(false) });
    void Promise.resolve(taken).then((permit) => {
      if ('settle' in permit) permit.settle(null);
      resolve('settle' in permit);
    });
  });
}
