import { globSync, readFileSync } from 'node:fs';
import t from 'tap';
import { createMetrics } from '../src/plugins/metrics.ts';

const ALERTS = readFileSync('docs/operations/alerts.yml', 'utf8');
const DASHBOARD = readFileSync('docs/operations/grafana.json', 'utf8');
const PAGE = readFileSync('docs/operations.md', 'utf8');

async function metricNames(): Promise<Set<string>> {
  const metrics = createMetrics();
  metrics.watchJobs(() => ({ underWay: 0, left: 0 }));
  metrics.watch({
    circuits: () => [],
    quotas: () => [],
    quotaWaiting: () => 0,
    asking: () => 0,
    fleet: () => 1,
    redisIsWell: () => true,
    journalIsOpen: () => true,
  });
  const text = await metrics.registry.metrics();
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
}

function metricsIn(text: string): string[] {
  const names = [...text.matchAll(/\b(?:dlnuf|nodejs|process)_[a-z0-9_]+\b/g)].map(([name]) => name);
  return [...new Set(names)].map((name) => name.replace(/_(bucket|count|sum)$/, ''));
}

t.test(
  'every metric that the dashboard, the alerts and the page speak of is one that is exposed',
  async (t) => {
    const known = await metricNames();
    for (const [file, text] of Object.entries({ ALERTS, DASHBOARD, PAGE })) {
      const names = metricsIn(text).filter((name) => !name.endsWith('_'));
      t.ok(file === 'PAGE' || names.length > 5, `${file} is really read`);
      for (const name of names) t.ok(known.has(name), `${file}: ${name}`);
    }
  },
);

t.test('every metric of ours is on the dashboard', async (t) => {
  for (const name of await metricNames()) {
    if (name.startsWith('dlnuf_')) t.ok(DASHBOARD.includes(name), name);
  }
});

t.test('every alert tells the operator what to do, in a section of its own', async (t) => {
  const alerts = [...ALERTS.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
  t.ok(alerts.length > 8);
  for (const alert of alerts) {
    t.match(PAGE, new RegExp(`^## ${alert}$`, 'm'), alert);
    t.ok(ALERTS.includes(`runbook: operations.md#${alert.toLowerCase()}`), alert);
  }
  const sections = PAGE.slice(PAGE.indexOf('# The alerts')).matchAll(/^## (\w+)$/gm);
  for (const [, section = ''] of sections) t.ok(alerts.includes(section), `${section} is an alert`);
});

t.test('the dashboard is one that Grafana can import: every panel asks something', async (t) => {
  const { panels } = JSON.parse(DASHBOARD);
  t.ok(panels.length > 10);
  for (const { type, title, targets } of panels) {
    if (type !== 'row') t.ok(targets.length > 0 && targets[0].expr.length > 0, title);
  }
  t.ok(globSync('docs/operations/*').length === 2);
});
