import t from 'tap';
import { ConfigError, loadConfig, SECRETS } from '../src/config.ts';

function refusalOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return '';
}

t.test('everything has a default, and an empty variable counts as absent', async (t) => {
  const expected = {
    HOST: '127.0.0.1',
    PORT: 3000,
    SANDBOX_PORT: 4000,
    DATA_DIR: '.data',
    MEMORY_CACHE_MIB: 128,
    WORKERS: 1,
    LOG_LEVEL: 'info',
  };
  t.strictSame({ ...loadConfig({}) }, expected);
  t.strictSame({ ...loadConfig({ PORT: '', REDIS_URL: '', PATH: '/bin' }) }, expected);
});

t.test('one message names every bad variable, and repeats no value', async (t) => {
  const bad = {
    PORT: '70000',
    SANDBOX_PORT: 'quatre mille',
    SOURCES_URL: 'file:///secret-a',
    SOURCES_TOKEN: 'secret-b\n',
    REDIS_URL: 'redis://ok,http://secret-c',
    DATABASE_URL: 'mysql://secret-d',
    CACHE_ENCRYPTION_KEY: 'secret-e',
    MEMORY_CACHE_MIB: 'secret-f',
    WORKERS: 'secret-g',
    DRAIN_SECONDS: 'secret-h',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://secret-i',
    LOG_LEVEL: 'bavard',
  };
  const message = refusalOf(bad);
  for (const name of Object.keys(bad)) t.match(message, name);
  t.notMatch(message, /secret-|bavard|70000/);
});

t.test('a missing key is told together with what else cannot be used', async (t) => {
  const message = refusalOf({ PORT: 'x', REDIS_URL: 'redis://far.example:6379' });
  t.match(message, 'PORT');
  t.match(message, 'CACHE_ENCRYPTION_KEY');
  t.notMatch(message, 'far.example');
});

t.test('a port is written in digits: nothing else is guessed', async (t) => {
  t.match(loadConfig({ PORT: '0', SANDBOX_PORT: '65535' }), { PORT: 0, SANDBOX_PORT: 65_535 });
  for (const PORT of [' ', '0x10', '1e3', '-1', '3.5', '65536']) t.match(refusalOf({ PORT }), 'PORT', PORT);
});

t.test('the address of the sources may have a path; other addresses are refused', async (t) => {
  const SOURCES_URL = 'https://entreprise.api.example/prefixe/';
  t.equal(loadConfig({ SOURCES_URL }).SOURCES_URL, SOURCES_URL);
  for (const bad of ['entreprise.api.example', 'http://', 'ftp://entreprise.api.example']) {
    t.match(refusalOf({ SOURCES_URL: bad }), 'SOURCES_URL', bad);
  }
});

t.test('a list of Redis nodes is a list', async (t) => {
  const { REDIS_URL } = loadConfig({ REDIS_URL: 'redis://127.0.0.1:7000, redis://[::1]:7001' });
  t.strictSame(REDIS_URL, ['redis://127.0.0.1:7000', 'redis://[::1]:7001']);
});

t.test('without a key, answers are kept in a Redis of this machine only', async (t) => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]'])
    t.equal(refusalOf({ REDIS_URL: `redis://${host}:6379` }), '');
  const remote = { REDIS_URL: 'redis://127.0.0.1:1,redis://redis.internal:6379' };
  t.match(refusalOf(remote), 'CACHE_ENCRYPTION_KEY');
  t.equal(refusalOf({ ...remote, CACHE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') }), '');
  t.match(refusalOf({ CACHE_ENCRYPTION_KEY: Buffer.alloc(31).toString('base64') }), 'CACHE_ENCRYPTION_KEY');
});

/** Every value of the one kind is read, every value of the other refused by name. */
function table(name: string, good: [string, unknown][], bad: string[]): void {
  t.test(`${name} is read where it is right and refused where it is not`, async (t) => {
    for (const [given, read] of good) {
      t.strictSame(loadConfig({ [name]: given })[name as keyof ReturnType<typeof loadConfig>], read, given);
    }
    for (const given of bad) {
      t.match(refusalOf({ [name]: given }), new RegExp(`^  ${name} : `, 'm'), given);
    }
  });
}

table(
  'MEMORY_CACHE_MIB',
  [
    ['0', 0],
    ['512', 512],
    ['', 128],
  ],
  ['-1', '1.5', '128 MiB', '1e3', '1000000'],
);
table(
  'WORKERS',
  [
    ['auto', 'auto'],
    ['1', 1],
    ['16', 16],
    ['', 1],
  ],
  ['0', '-2', 'AUTO', 'two', '1.5', '1000', '08'],
);
table(
  'DRAIN_SECONDS',
  [
    ['0', 0],
    ['30', 30],
    ['', undefined],
  ],
  ['-1', '5s', '0.5', '10000'],
);
table(
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  [
    ['http://127.0.0.1:4318', 'http://127.0.0.1:4318'],
    ['https://otel.example/prefixe', 'https://otel.example/prefixe'],
    ['', undefined],
  ],
  ['127.0.0.1:4318', 'grpc://otel.example', 'http://'],
);

const key = (byte: number, length = 32) => Buffer.alloc(length, byte).toString('base64');
table(
  'CACHE_ENCRYPTION_KEY',
  [
    [key(1), [Buffer.alloc(32, 1)]],
    [`${key(1)}, ${key(2)}`, [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]],
    ['', undefined],
  ],
  [
    key(1, 31),
    key(1, 33),
    `${key(1)},`,
    `${key(1)},${key(2, 16)}`,
    `${key(1)};${key(2)}`,
    Buffer.alloc(32, 1).toString('hex'),
    Array.from({ length: 9 }, (_, i) => key(i)).join(','),
  ],
);

const KEY = Buffer.alloc(32, 7).toString('base64');
const S3 = {
  S3_ENDPOINT: 'https://s3.fr-par.example',
  S3_BUCKET: 'documents-de-la-passerelle',
  S3_REGION: 'fr-par',
  S3_ACCESS_KEY: 'SCW0123456789',
  S3_SECRET_KEY: 'secret-du-stockage',
  CACHE_ENCRYPTION_KEY: KEY,
};

t.test('a bucket is described wholly, or not at all', async (t) => {
  t.match(loadConfig(S3), { S3_ENDPOINT: S3.S3_ENDPOINT, S3_BUCKET: S3.S3_BUCKET, S3_REGION: 'fr-par' });
  for (const name of ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY', 'S3_SECRET_KEY']) {
    t.match(refusalOf({ ...S3, [name]: '' }), new RegExp(`^  ${name} : nécessaire avec`, 'm'), name);
  }
  const alone = refusalOf({ S3_REGION: 'fr-par' });
  t.equal(alone.match(/nécessaire avec les autres variables S3_…/g)?.length, 4);
  t.equal(refusalOf({ ...S3, S3_REGION: '' }), '', 'most stores of one machine have no region to tell');
  t.notMatch(refusalOf({ ...S3, S3_ENDPOINT: 'ftp://ailleurs' }), /secret-du-stockage|SCW/);
});

t.test('a bucket of another machine is not used without a key that is known to all', async (t) => {
  t.match(refusalOf({ ...S3, CACHE_ENCRYPTION_KEY: '' }), /^ {2}CACHE_ENCRYPTION_KEY : nécessaire/m);
  t.equal(refusalOf({ ...S3, S3_ENDPOINT: 'http://127.0.0.1:9000', CACHE_ENCRYPTION_KEY: '' }), '');
});

t.test('each value of a bucket that cannot be used is refused by its name', async (t) => {
  for (const [name, bad] of [
    ['S3_ENDPOINT', 's3.fr-par.example'],
    ['S3_ENDPOINT', 'https://s3.example/prefixe'],
    ['S3_ENDPOINT', 'https://cle:secret@s3.example'],
    ['S3_BUCKET', 'a/b'],
    ['S3_BUCKET', 'Documents'],
    ['S3_REGION', 'fr par'],
    ['S3_ACCESS_KEY', 'a/b'],
    ['S3_SECRET_KEY', 'avec une espace'],
    ['S3_ADDRESSING', 'virtuel'],
  ] as const) {
    const refusal = refusalOf({ ...S3, [name]: bad });
    t.match(refusal, new RegExp(`^  ${name} : (?!nécessaire)`, 'm'), bad);
    t.notMatch(refusal, bad);
  }
});

const EXAMPLES: Record<(typeof SECRETS)[number], string> = {
  SOURCES_TOKEN: 'jeton-des-sources',
  REDIS_URL: 'redis://:mot-de-passe@127.0.0.1:6379',
  DATABASE_URL: 'postgres://passerelle:mot-de-passe@base/passerelle',
  CACHE_ENCRYPTION_KEY: KEY,
  JOURNAL_KEY: `${KEY},${KEY}`,
  S3_ACCESS_KEY: 'cle-du-stockage',
  S3_SECRET_KEY: 'secret/du+stockage=',
  METRICS_TOKEN: 'jeton-des-mesures',
};

t.test('a secret may be in a file as well as in its variable', async (t) => {
  for (const name of SECRETS) {
    const folder = t.testdir({ secret: `${EXAMPLES[name]}\n` });
    const rest = name.startsWith('S3_') ? S3 : {};
    const byFile = loadConfig({ ...rest, [`${name}_FILE`]: `${folder}/secret`, [name]: '' });
    t.strictSame(byFile, loadConfig({ ...rest, [name]: EXAMPLES[name] }), name);
  }
});

t.test('a file that cannot be used is named, and what it holds is not told', async (t) => {
  const folder = t.testdir({ jeton: 'jeton-du-fichier-1', court: 'court', vide: '\n' });
  t.match(refusalOf({ METRICS_TOKEN_FILE: `${folder}/absent` }), 'METRICS_TOKEN_FILE : un fichier lisible');
  const both = refusalOf({ METRICS_TOKEN_FILE: `${folder}/jeton`, METRICS_TOKEN: 'jeton-de-la-variable' });
  t.match(both, 'METRICS_TOKEN_FILE');
  t.notMatch(both, /jeton-d/);
  for (const name of ['court', 'vide']) {
    const refusal = refusalOf({ METRICS_TOKEN_FILE: `${folder}/${name}` });
    t.match(refusal, 'METRICS_TOKEN : un jeton');
    t.notMatch(refusal, 'court');
  }
});
