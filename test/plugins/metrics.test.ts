import t from 'tap';
import { unavailable } from '../../src/dossier/outcome.ts';
import { createMetrics, type Metrics } from '../../src/plugins/metrics.ts';
import type { Watched } from '../../src/plugins/watched.ts';
import { msaConformiteCotisations as msa } from '../../src/sources/msa-conformite-cotisations.ts';
import { fact } from '../helpers/app.ts';

/** The lines of one metric, as Prometheus reads them. */
async function linesOf({ registry }: Metrics, name: string): Promise<string[]> {
  const text = await registry.metrics();
  return text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
}

async function readingOf(metrics: Metrics, line: string): Promise<number> {
  const [found = ''] = await linesOf(metrics, `${line} `);
  return Number(found.slice(line.length + 1) || Number.NaN);
}

t.test('calls are counted and timed by source and by what came of them', async (t) => {
  const metrics = createMetrics();
  metrics.sourceCalled(msa, fact('obtenu'), 200);
  metrics.sourceCalled(msa, fact('obtenu'), 400);
  metrics.sourceCalled(msa, unavailable('delai_depasse', '…', null), 15_000);
  const name = 'dlnuf_source_call_duration_seconds';
  const labels = 'source="msa_conformite_cotisations",statut="obtenu"';
  t.equal(await readingOf(metrics, `${name}_count{${labels}}`), 2);
  t.ok(Math.abs((await readingOf(metrics, `${name}_sum{${labels}}`)) - 0.6) < 1e-9, 'in seconds');
  const down = 'source="msa_conformite_cotisations",statut="indisponible"';
  t.equal(await readingOf(metrics, `${name}_count{${down}}`), 1);
});

t.test('the age of what is served is told in seconds, fresh and stale apart', async (t) => {
  const metrics = createMetrics();
  metrics.pieceServed('msa_conformite_cotisations', 30_000, false);
  metrics.pieceServed('msa_conformite_cotisations', 3 * 86_400_000, true);
  const name = 'dlnuf_piece_age_seconds';
  for (const [perime, seconds] of [
    ['false', 30],
    ['true', 259_200],
  ] as const) {
    const labels = `source="msa_conformite_cotisations",perime="${perime}"`;
    t.equal(await readingOf(metrics, `${name}_sum{${labels}}`), seconds);
  }
});

t.test('requests are timed by route and status, in buckets that each count those below', async (t) => {
  const metrics = createMetrics();
  for (const tookMs of [1.5, 5, 200, 60_000]) metrics.requestAnswered('/v1/dossiers/:siret', 200, tookMs);
  metrics.requestAnswered('/v1/dossiers/:siret', 404, 1);
  const name = 'dlnuf_request_duration_seconds';
  const labels = 'route="/v1/dossiers/:siret",status="200"';
  t.equal(await readingOf(metrics, `${name}_count{${labels}}`), 4);
  t.ok(Math.abs((await readingOf(metrics, `${name}_sum{${labels}}`)) - 60.2065) < 1e-9, 'in seconds');
  for (const [le, count] of [
    ['0.001', 0],
    ['0.005', 2],
    ['0.25', 3],
    ['10', 3],
    ['+Inf', 4],
  ]) {
    t.equal(await readingOf(metrics, `${name}_bucket{le="${le}",${labels}}`), count, `up to ${le} s`);
  }
  t.equal(await readingOf(metrics, `${name}_count{route="/v1/dossiers/:siret",status="404"}`), 1);
});

t.test('what was refused for want of time, and what Redis failed, are counted', async (t) => {
  const metrics = createMetrics();
  t.equal(await readingOf(metrics, 'dlnuf_requests_shed_total'), 0);
  metrics.requestShed();
  metrics.requestShed();
  metrics.redisFailed();
  t.equal(await readingOf(metrics, 'dlnuf_requests_shed_total'), 2);
  t.equal(await readingOf(metrics, 'dlnuf_redis_failures_total'), 1);
});

t.test('readings of what is kept are counted by level, however often they are read', async (t) => {
  const metrics = createMetrics();
  metrics.keptRead('dossier', 'process');
  metrics.keptRead('dossier', 'process');
  metrics.keptRead('piece', 'store');
  for (let i = 0; i < 2; i++) {
    t.same((await linesOf(metrics, 'dlnuf_kept_reads_total')).sort(), [
      'dlnuf_kept_reads_total{what="dossier",level="none"} 0',
      'dlnuf_kept_reads_total{what="dossier",level="process"} 2',
      'dlnuf_kept_reads_total{what="dossier",level="store"} 0',
      'dlnuf_kept_reads_total{what="piece",level="none"} 0',
      'dlnuf_kept_reads_total{what="piece",level="process"} 0',
      'dlnuf_kept_reads_total{what="piece",level="store"} 1',
    ]);
  }
});

t.test('gauges say what is so when they are read, not when they were made', async (t) => {
  const metrics = createMetrics();
  const watched = {
    etat: 'ferme',
    left: 250,
    limit: 250,
    waiting: 0,
    asking: 0,
    fleet: 1,
    isWell: true as boolean | null,
    isOpen: true,
  };
  const reading: Watched = {
    circuits: () => [['msa_conformite_cotisations', watched.etat]],
    quotas: () => [['json', watched.left, watched.limit]],
    quotaWaiting: () => watched.waiting,
    asking: () => watched.asking,
    fleet: () => watched.fleet,
    redisIsWell: () => watched.isWell,
    journalIsOpen: () => watched.isOpen,
  };
  metrics.watch(reading);
  const stateOf = async () => {
    const lines = await linesOf(metrics, 'dlnuf_circuit_state');
    t.equal(lines.length, 5, 'one a state');
    return lines.filter((line) => line.endsWith(' 1')).map((line) => /etat="(\w+)"/.exec(line)?.[1]);
  };
  t.same(await stateOf(), ['ferme']);
  t.equal(await readingOf(metrics, 'dlnuf_redis_up'), 1);
  Object.assign(watched, {
    etat: 'ouvert',
    left: 12,
    limit: 100,
    waiting: 3,
    asking: 4,
    fleet: 2,
    isWell: false,
    isOpen: false,
  });
  t.same(await stateOf(), ['ouvert']);
  t.equal(await readingOf(metrics, 'dlnuf_quota_left_calls{bucket="json"}'), 12);
  t.equal(await readingOf(metrics, 'dlnuf_quota_limit_calls{bucket="json"}'), 100);
  t.equal(await readingOf(metrics, 'dlnuf_quota_waiting_calls'), 3);
  t.equal(await readingOf(metrics, 'dlnuf_questions_under_way'), 4);
  t.equal(await readingOf(metrics, 'dlnuf_fleet_processes'), 2);
  t.equal(await readingOf(metrics, 'dlnuf_redis_up'), 0);
  t.equal(await readingOf(metrics, 'dlnuf_journal_open'), 0);
});

t.test('without Redis nothing is said of it', async (t) => {
  const metrics = createMetrics();
  metrics.watch({
    circuits: () => [],
    quotas: () => [],
    quotaWaiting: () => 0,
    asking: () => 0,
    fleet: () => 1,
    redisIsWell: () => null,
    journalIsOpen: () => true,
  });
  t.same(await linesOf(metrics, 'dlnuf_redis_up'), []);
});
