import t, { type Test } from 'tap';
import type { Circuits } from '../../src/collection/circuits.ts';
import { createSharedCircuits } from '../../src/collection/shared-circuits.ts';
import { type Failure, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import { alone, type Fleet } from '../../src/fleet/fleet.ts';
import { createRedisFleet } from '../../src/fleet/redis-fleet.ts';
import { createRedisLink, type RedisClient } from '../../src/fleet/redis-link.ts';
import { openRedis, openSubscriber } from '../../src/open-redis.ts';
import { catalog } from '../../src/sources/catalog.ts';
import type { Source } from '../../src/sources/source.ts';
import { fact } from '../helpers/app.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';

const [insee, other] = catalog as unknown as [Source, Source];
const broken = unavailable('99001', 'Service non disponible', null);
const forbidden: Failure = {
  statut: 'non_autorise',
  erreur: { code: '00100', titre: 'Privilèges insuffisants' },
  nouvel_essai_le: null,
};
const WITHIN_MS = 1_000;

interface Peer {
  circuits: Circuits;
  fleet: Fleet;
  redis: RedisClient;
  call(outcome: Outcome, source?: Source): Promise<Failure | null>;
  fail(times: number): Promise<void>;
  etat(source?: Source): string;
  /** Is gone without a word, as after kill -9. */
  die(): void;
}

/** What one gateway process has of its own. Its clock is the true one, moved by `clock.aheadMs`. */
async function peer(t: Test, url: string, clock = { aheadMs: 0 }, digest = 'abc'): Promise<Peer> {
  const redis = await openRedis([url], () => {});
  const subscriber = openSubscriber([url], () => {});
  const link = createRedisLink({ redis, onFailure() {} });
  const fleet = createRedisFleet({ link, subscriber, now: Date.now });
  const die = () => {
    fleet.close();
    redis.disconnect();
    subscriber.disconnect();
  };
  t.teardown(die);
  const now = () => Date.now() + clock.aheadMs;
  const circuits = await createSharedCircuits({
    link,
    fleet,
    digest,
    sources: catalog,
    now,
    random: () => 0.5,
  });
  const call = async (outcome: Outcome, source = insee) => {
    const refusal = await circuits.refusal(source);
    if (refusal === null) circuits.record(source, outcome, now());
    return refusal;
  };
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) await call(broken);
  };
  const etat = (source = insee) => circuits.stateOf(source).etat;
  return { circuits, fleet, redis, call, fail, etat, die };
}

/** Two that hear each other. */
async function pair(t: Test, url: string, clock = { aheadMs: 0 }): Promise<[Peer, Peer]> {
  const [a, b] = [await peer(t, url, clock), await peer(t, url, clock)];
  await until(() => a.fleet.size() === 2 && b.fleet.size() === 2, 5_000);
  return [a, b];
}

const hears = ({ etat }: Peer, expected: string) => until(() => etat() === expected, WITHIN_MS);

t.test(
  'a source that one process leaves alone is left alone by the others, until one finds it well',
  async (t) => {
    const { url } = await startRedis(t);
    const clock = { aheadMs: 0 };
    const [a, b] = await pair(t, url, clock);
    await a.fail(5);
    await hears(b, 'ouvert');
    t.strictSame(b.circuits.stateOf(insee), a.circuits.stateOf(insee));
    t.match(await b.call(broken), { statut: 'indisponible', erreur: { code: '99001' } });
    t.equal(b.etat(other), 'ferme');
    clock.aheadMs += 10_001;
    t.equal(await b.call(fact('obtenu')), null, 'the other may be the one that probes');
    await hears(a, 'ferme');
    t.equal(await a.call(broken), null);
  },
);

t.test('of all processes one probes; when it fails all rest for twice as long', async (t) => {
  const { url } = await startRedis(t);
  const clock = { aheadMs: 0 };
  const [a, b] = await pair(t, url, clock);
  await a.fail(5);
  await hears(b, 'ouvert');
  for (const restMs of [20_000, 40_000]) {
    clock.aheadMs += restMs / 2 + 1;
    const peers = [a, b, a, b, a, b];
    const refusals = await Promise.all(peers.map(({ circuits }) => circuits.refusal(insee)));
    t.equal(refusals.filter((refusal) => refusal === null).length, 1);
    const prober = peers[refusals.indexOf(null)] as Peer;
    prober.circuits.record(insee, broken, Date.now() + clock.aheadMs);
    for (const one of [a, b]) {
      await hears(one, 'ouvert');
      t.match(one.circuits.stateOf(insee), { etat: 'ouvert', restMs });
    }
  }
});

t.test('when the process that probes is killed, one other probes in its place', async (t) => {
  const { url } = await startRedis(t);
  const clock = { aheadMs: 0 };
  const [a, b] = await pair(t, url, clock);
  const c = await peer(t, url, clock);
  await a.fail(5);
  for (const one of [b, c]) await hears(one, 'ouvert');
  clock.aheadMs += 10_001;
  t.equal(await a.circuits.refusal(insee), null);
  t.ok(await b.circuits.refusal(insee));
  await until(() => b.fleet.isAlive(a.fleet.id), 1_000);
  a.die();
  const diedMs = Date.now();
  const heirs = new Set<Peer>();
  const ask = async (one: Peer) => void ((await one.circuits.refusal(insee)) === null && heirs.add(one));
  await until(async () => {
    await Promise.all([ask(b), ask(c)]);
    return heirs.size > 0;
  }, insee.timeoutMs);
  t.ok(Date.now() - diedMs < 2_000, `${Date.now() - diedMs} ms`);
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([ask(b), ask(c)]);
  }
  t.equal(heirs.size, 1);
});

t.test('a process that starts later knows what the others found out', async (t) => {
  const { url } = await startRedis(t);
  const clock = { aheadMs: 0 };
  const a = await peer(t, url, clock);
  await a.fail(5);
  await a.call(forbidden, other);
  const b = await peer(t, url, clock);
  t.strictSame(b.circuits.stateOf(insee), a.circuits.stateOf(insee));
  t.strictSame(await b.call(broken, other), forbidden);
  clock.aheadMs += 10_001;
  t.equal(await a.circuits.refusal(insee), null, 'one probes');
  const c = await peer(t, url, clock);
  t.ok(await c.circuits.refusal(insee), 'who starts meanwhile does not');
  a.circuits.record(insee, fact('obtenu'), Date.now() + clock.aheadMs);
  await hears(c, 'ferme');
  const d = await peer(t, url, clock);
  t.equal(d.etat(), 'ferme');
  const keys = await a.redis.keys('dlnuf:circuits:*');
  for (const key of keys) {
    const lifeMs = await a.redis.pttl(key);
    t.ok(lifeMs > 0 && lifeMs <= 660_000, `${key} lives ${lifeMs} ms`);
  }
});

t.test('who asks with another token or elsewhere has circuits of its own', async (t) => {
  const { url } = await startRedis(t);
  const [a, b] = await pair(t, url);
  const stranger = await peer(t, url, { aheadMs: 0 }, 'xyz');
  await a.call(forbidden);
  await hears(b, 'non_autorise');
  t.equal(stranger.etat(), 'ferme');
  t.equal((await peer(t, url, { aheadMs: 0 }, 'xyz')).etat(), 'ferme');
});

t.test('what is heard is believed within bounds, and nonsense is not heard', async (t) => {
  const { url } = await startRedis(t);
  const [a, b] = await pair(t, url);
  const rest = { etat: 'ouvert', untilMs: Date.now() + 86_400_000, restMs: 10_000, erreur: broken.erreur };
  const message = { digest: 'abc', source: insee.id, rest };
  const nonsense = [
    'null',
    '{"digest":',
    JSON.stringify({ ...message, source: 'constructor' }),
    JSON.stringify({ ...message, digest: 'xyz' }),
    JSON.stringify({ ...message, rest: { ...rest, etat: 'ferme' } }),
    JSON.stringify({ ...message, rest: { ...rest, untilMs: 'never' } }),
    JSON.stringify({ ...message, rest: { ...rest, restMs: 1e12 } }),
    JSON.stringify({ ...message, rest: { ...rest, erreur: { code: 'x', titre: 'x'.repeat(10_000) } } }),
  ];
  for (const text of nonsense) a.fleet.announce('circuit', text);
  a.fleet.announce('circuit', JSON.stringify({ ...message, source: other.id }));
  await until(() => b.etat(other) === 'ouvert', WITHIN_MS);
  t.equal(b.etat(), 'ferme');
  const state = b.circuits.stateOf(other);
  t.ok(state.etat === 'ouvert' && state.untilMs - Date.now() <= 192_000);
});

t.test('without Redis each process goes on alone; when it is back they learn again', async (t) => {
  const server = await startRedis(t);
  const clock = { aheadMs: 0 };
  const [a, b] = await pair(t, server.url, clock);
  await a.fail(5);
  await hears(b, 'ouvert');
  await server.kill();
  clock.aheadMs += 10_001;
  for (const one of [a, b]) {
    const refusals = await Promise.all([one.circuits.refusal(insee), one.circuits.refusal(insee)]);
    t.same(refusals.filter((refusal) => refusal === null).length, 1, 'one probe each');
    one.circuits.record(insee, fact('obtenu'), Date.now() + clock.aheadMs);
    t.equal(one.etat(), 'ferme');
  }
  await server.restart();
  await until(() => a.redis.status === 'ready', 5_000);
  await a.fail(5);
  await until(() => b.etat() === 'ouvert', 10_000);
});

t.test('what was announced while a process heard nothing is learnt when it hears again', async (t) => {
  const { url } = await startRedis(t);
  const clock = { aheadMs: 0 };
  const a = await peer(t, url, clock);
  const listeners: (() => void)[] = [];
  const deaf: Fleet = { ...alone, onRestored: (listener) => void listeners.push(listener) };
  const now = () => Date.now() + clock.aheadMs;
  const link = createRedisLink({ redis: a.redis, onFailure() {} });
  const options = { link, fleet: deaf, digest: 'abc', sources: catalog, now, random: Math.random };
  const circuits = await createSharedCircuits(options);
  await a.fail(5);
  t.equal(circuits.stateOf(insee).etat, 'ferme');
  listeners[0]?.();
  await until(() => circuits.stateOf(insee).etat === 'ouvert', WITHIN_MS);
  clock.aheadMs += 10_001;
  await a.call(fact('obtenu'));
  t.equal(circuits.stateOf(insee).etat, 'demi_ouvert');
  listeners[0]?.();
  await until(() => circuits.stateOf(insee).etat === 'ferme', WITHIN_MS);
});

t.test('a process starts without Redis as if nothing were known', async (t) => {
  const server = await startRedis(t);
  await server.kill();
  const a = await peer(t, server.url);
  await a.fail(5);
  t.equal(a.etat(), 'ouvert');
});
