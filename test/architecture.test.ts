import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';

/** What each zone may import: other zones (first folder or file under src/) and packages. Arrows point inward. */
const ALLOWED: Record<string, { zones: string[]; packages: string[] }> = {
  'main.ts': {
    zones: ['config.ts', 'gateway.ts', 'open-sources.ts', 'welcome.ts'],
    packages: ['close-with-grace'],
  },
  'welcome.ts': { zones: [], packages: [] },
  'open-sources.ts': { zones: ['config.ts'], packages: [] },
  'gateway.ts': { zones: ['app.ts', 'config.ts', 'infrastructure.ts', 'plugins'], packages: ['pino'] },
  'config.ts': { zones: [], packages: ['zod'] },
  'problems.ts': { zones: [], packages: ['zod'] },
  'infrastructure.ts': {
    zones: ['collection', 'config.ts', 'open-redis.ts', 'plugins', 'sources'],
    packages: ['ioredis', 'undici'],
  },
  'open-redis.ts': { zones: [], packages: ['ioredis'] },
  'app.ts': { zones: ['collection', 'plugins', 'routes'], packages: ['@fastify/accepts', 'fastify'] },
  dossier: { zones: [], packages: ['zod'] },
  sources: { zones: ['dossier'], packages: ['zod'] },
  collection: { zones: ['dossier', 'sources'], packages: ['ioredis', 'lru-cache', 'undici', 'zod'] },
  usages: { zones: ['dossier', 'sources'], packages: [] },
  plugins: {
    zones: ['dossier', 'problems.ts', 'sources'],
    packages: [
      '@fastify/swagger',
      '@fastify/swagger-ui',
      'fastify',
      'fastify-type-provider-zod',
      'helmet',
      'prom-client',
      'zod',
    ],
  },
  routes: {
    zones: ['collection', 'dossier', 'problems.ts', 'sources', 'usages'],
    packages: ['fastify', 'zod'],
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
  const specifiers = [...source.matchAll(/^(?:import .*|export .*|\} )from '([^']+)';$/gm)];
  const unread = /^import '|\bimport\(/m.exec(source);
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
    t.strictSame(new Set(speakers('undici')), new Set(['collection/call-source.ts', 'infrastructure.ts']));
    for (const file of speakers('ioredis'))
      t.match(file, /^(collection\/redis-.*|infrastructure|open-redis)\.ts$/);
    const readers = files.filter((file) => readFileSync(`src/${file}`, 'utf8').includes('process.env'));
    t.strictSame(new Set(readers), new Set(['main.ts', 'sandbox/main.ts']));
  },
);
