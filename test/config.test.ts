import t from 'tap';
import { ConfigError, loadConfig } from '../src/config.ts';

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
