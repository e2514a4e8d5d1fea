import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';

/** What each zone may import: other zones (first folder or file under src/) and packages. Arrows point inward. */
const ALLOWED: Record<string, { zones: string[]; packages: string[] }> = {
  'main.ts': {
    zones: [
      'config.ts',
      'gateway.ts',
      'open-demonstration.ts',
      'open-sources.ts',
      'storage',
      'welcome.ts',
      'workers.ts',
    ],
    packages: ['close-with-grace'],
  },
  'journal-command.ts': { zones: ['config.ts', 'journal'], packages: [] },
  'welcome.ts': { zones: ['access'], packages: [] },
  'open-access.ts': { zones: ['access', 'config.ts', 'infrastructure.ts', 'storage'], packages: [] },
  'open-demonstration.ts': { zones: ['access', 'config.ts', 'storage'], packages: [] },
  'open-sources.ts': { zones: ['config.ts'], packages: [] },
  'workers.ts': { zones: ['cluster-metrics.ts', 'config.ts'], packages: [] },
  'cluster-metrics.ts': { zones: [], packages: ['prom-client', 'zod'] },
  'gateway.ts': {
    zones: [
      'access',
      'app.ts',
      'cluster-metrics.ts',
      'config.ts',
      'infrastructure.ts',
      'line-batches.ts',
      'open-spans.ts',
      'plugins',
      'program-version.ts',
    ],
    packages: ['pino'],
  },
  'config.ts': { zones: [], packages: ['zod'] },
  'problems.ts': { zones: [], packages: ['zod'] },
  'line-batches.ts': { zones: [], packages: [] },
  'program-version.ts': { zones: [], packages: [] },
  'infrastructure.ts': {
    zones: [
      'collection',
      'config.ts',
      'demarche-numerique',
      'documents',
      'journal',
      'keeping',
      'open-access.ts',
      'open-collection.ts',
      'open-commons.ts',
      'open-documents.ts',
      'open-jobs.ts',
      'plugins',
      'sources',
    ],
    packages: ['undici'],
  },
  'open-collection.ts': {
    zones: ['collection', 'infrastructure.ts', 'keeping', 'open-commons.ts', 'sources'],
    packages: ['undici'],
  },
  'open-commons.ts': {
    zones: ['access', 'collection', 'fleet', 'infrastructure.ts', 'keeping', 'open-redis.ts', 'sources'],
    packages: [],
  },
  'open-documents.ts': {
    zones: ['collection', 'documents', 'infrastructure.ts', 'sources', 'usages'],
    packages: ['undici'],
  },
  'open-jobs.ts': { zones: ['infrastructure.ts', 'jobs', 'keeping', 'storage'], packages: [] },
  'open-redis.ts': { zones: ['fleet'], packages: ['ioredis'] },
  'open-spans.ts': {
    zones: ['plugins'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
  },
  'app.ts': {
    zones: [
      'access',
      'collection',
      'demarche-numerique',
      'documents',
      'jobs',
      'journal',
      'keeping',
      'open-access.ts',
      'open-jobs.ts',
      'plugins',
      'routes',
    ],
    packages: ['@fastify/accepts', 'fastify'],
  },
  dossier: { zones: [], packages: ['zod'] },
  storage: { zones: [], packages: ['pg'] },
  journal: { zones: ['storage'], packages: ['zod'] },
  jobs: { zones: ['keeping', 'storage'], packages: ['pg-boss'] },
  sources: { zones: ['dossier'], packages: ['zod'] },
  fleet: { zones: [], packages: ['ioredis'] },
  keeping: { zones: ['dossier', 'fleet', 'sources'], packages: ['lru-cache', 'zod'] },
  documents: {
    zones: ['dossier', 'keeping', 'storage'],
    packages: ['aws4', 'fast-xml-parser', 'lru-cache', 'undici', 'zod'],
  },
  'documents-command.ts': { zones: ['config.ts', 'documents', 'usages'], packages: [] },
  collection: {
    zones: ['documents', 'dossier', 'fleet', 'keeping', 'sources'],
    packages: ['undici', 'zod'],
  },
  access: { zones: ['dossier', 'fleet', 'sources', 'storage', 'usages'], packages: ['jose', 'zod'] },
  habilitations: {
    zones: ['access', 'config.ts', 'sources', 'storage', 'usages'],
    packages: ['jose', 'zod'],
  },
  usages: { zones: ['dossier', 'sources'], packages: ['zod'] },
  'demarche-numerique': { zones: [], packages: ['undici', 'zod'] },
  espd: { zones: ['dossier', 'sources', 'usages'], packages: ['fast-xml-builder', 'fast-xml-parser'] },
  formulaires: {
    zones: ['dossier', 'sources'],
    packages: ['@cfworker/json-schema', 'ajv/dist/2020.js', 're2js', 'zod'],
  },
  plugins: {
    zones: ['access', 'dossier', 'problems.ts', 'sources'],
    packages: [
      '@fastify/swagger',
      '@fastify/swagger-ui',
      '@fastify/under-pressure',
      'fastify',
      'fastify-type-provider-zod',
      'helmet',
      'leven',
      'prom-client',
      'zod',
    ],
  },
  routes: {
    zones: [
      'access',
      'collection',
      'demarche-numerique',
      'documents',
      'dossier',
      'espd',
      'formulaires',
      'jobs',
      'journal',
      'keeping',
      'problems.ts',
      'sources',
      'storage',
      'usages',
    ],
    packages: ['fastify', 'yazl', 'zod'],
  },
  sandbox: {
    zones: ['dossier'],
    packages: ['close-with-grace', 'fastify', 'jose', 'lru-cache', 'pdfkit', 'zod'],
  },
};

interface Import {
  file: string;
  zone: string;
  /** A zone of ours, or a package. */
  to: string;
  target: string;
}

function importsOf(file: string): Import[] {
  const source = readFileSync(`src/${file}`, 'utf8');
  const specifiers = [
    ...source.matchAll(/^(?:import .*|export .*|\} )from '([^']+)';$/gm),
    ...source.matchAll(/\bimport\('([^']+)'\)/g),
  ];
  const unread = /^import '|\bimport\([^']/m.exec(source);
  if (unread) throw new Error(`${file} imports in a way that this test does not read`);
  return specifiers.map(([, specifier = '']) => {
    const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
    return { file, zone: zoneOf(file), to: specifier.startsWith('.') ? zoneOf(target) : specifier, target };
  });
}

function zoneOf(path: string): string {
  return path.split('/')[0] ?? path;
}

const files = globSync('**/*.ts', { cwd: 'src' });
const imports = files.flatMap(importsOf).filter(({ to }) => !to.startsWith('node:'));

t.test('every import points inward', async (t) => {
  t.ok(imports.length > 100, 'imports are really read');
  for (const { file, zone, to } of imports.filter((one) => one.zone !== one.to)) {
    const rule = ALLOWED[zone];
    const known = rule && [...rule.zones, ...rule.packages];
    t.ok(known?.includes(to), `${file} may import ${to}`);
  }
});

t.test('a source never imports another source', async (t) => {
  const ids = new Set(
    files.filter(
      (file) => file.startsWith('sources/') && /\bdefineSource\(\{/.test(readFileSync(`src/${file}`, 'utf8')),
    ),
  );
  t.ok(ids.size >= 30);
  for (const { file, target } of imports) {
    if (ids.has(file)) t.notOk(ids.has(target), `${file} imports ${target}`);
  }
});

t.test('the sandbox shares nothing with the gateway but what a SIRET is', async (t) => {
  for (const { file, zone, to, target } of imports) {
    if (zone === 'sandbox' && to === 'dossier') t.equal(target, 'dossier/siret.ts', file);
    if (zone !== 'sandbox') t.not(to, 'sandbox', file);
  }
});

t.test(
  'undici calls from one file, ioredis is spoken by its adapters, the environment is read by main',
  async (t) => {
    const speakers = (name: string) => imports.filter(({ to }) => to === name).map(({ file }) => file);
    t.strictSame(
      new Set(speakers('undici')),
      new Set([
        'collection/call-source.ts',
        'collection/fetch-document.ts',
        'demarche-numerique/send-prefill.ts',
        'documents/open-archive.ts',
        'documents/s3-bucket.ts',
        'infrastructure.ts',
        'open-collection.ts',
        'open-documents.ts',
      ]),
    );
    for (const file of speakers('ioredis')) t.match(file, /^(fleet\/redis-\w+|open-redis)\.ts$/);
    const readers = files.filter((file) => readFileSync(`src/${file}`, 'utf8').includes('process.env'));
    t.strictSame(
      new Set(readers),
      new Set([
        'documents-command.ts',
        'habilitations/main.ts',
        'journal-command.ts',
        'main.ts',
        'sandbox/main.ts',
      ]),
    );
  },
);
