import t from 'tap';
import { alone } from '../../src/fleet/fleet.ts';
import { createShelves } from '../../src/keeping/shelves.ts';
import { joinFleet } from '../fleet/member.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { type Asker, createAsker, HOURLY, UP_TO_DATE } from '../helpers/asker.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { until } from '../helpers/start-gateway.ts';

t.test(
  'who waits for what another process asks ahead of need is answered now, where there is room',
  async (t) => {
    const now = () => NOON_MS + 10_000;
    const { url } = await startRedis(t);
    const shelves = createShelves({ maxBytes: 1_000_000, store: null, fleet: alone, now });
    const [leader, follower] = (await joinFleet(t, [url], 2, { now })).map(({ sharing }) =>
      createAsker(() => UP_TO_DATE, { sharing, shelvesOver: () => shelves }),
    ) as [Asker, Asker];
    await leader.pass(10);
    for (let n = 0; n < 150; n++) await leader.quota.take({ bucket: 'json', lane: 'background' });
    const delays: number[] = [];
    const ahead = leader.ask(HOURLY, { lane: 'background' }, (untilMs) => delays.push(untilMs));
    await until(() => delays.length > 0, 2_000);
    const told: number[] = [];
    const { answer } = follower.ask(HOURLY, {}, (untilMs) => told.push(untilMs));
    await until(() => leader.calls.length === 1, 2_000);
    t.match(await answer, { outcome: { statut: 'obtenu' } });
    t.match(await ahead.answer, { from: 'called' });
    t.same([leader.calls.length, follower.calls.length], [1, 0]);
    t.strictSame(
      told.filter((untilMs) => untilMs > now()),
      [],
      'it is never told to come back later',
    );
  },
);
