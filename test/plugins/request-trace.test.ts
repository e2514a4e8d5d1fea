import t from 'tap';
import { build, collectOf } from '../helpers/app.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const VALID = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

t.test(
  'an answer is a span of its own in the trace of the caller, sampled as the caller wants',
  async (t) => {
    const app = await build(t, collectOf({}));
    for (const flags of ['01', '00']) {
      const given = `00-${TRACE}-b7ad6b7169203331-${flags}`;
      const { headers } = await app.inject({ url: '/livez', headers: { traceparent: given } });
      t.match(headers.traceparent, new RegExp(`^00-${TRACE}-(?!b7ad6b7169203331)[0-9a-f]{16}-${flags}$`));
      t.match(headers.traceparent, VALID);
    }
  },
);

t.test('without a trace that can be read a new one begins', async (t) => {
  const app = await build(t, collectOf({}));
  const given = [
    undefined,
    '',
    'garbage',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `ff-${TRACE}-b7ad6b7169203331-01`,
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${TRACE}-b7ad6b7169203331-01-more`,
  ];
  for (const traceparent of given) {
    const headers = traceparent === undefined ? {} : { traceparent };
    const answer = String((await app.inject({ url: '/livez', headers })).headers.traceparent);
    t.match(answer, VALID, traceparent ?? 'none');
    t.notMatch(answer, TRACE);
  }
});

t.test('no two answers are the same span', async (t) => {
  const app = await build(t, collectOf({}));
  const answers = await Promise.all(Array.from({ length: 200 }, async () => app.inject('/livez')));
  const spans = answers.map(({ headers }) => String(headers.traceparent).split('-')[2]);
  t.equal(new Set(spans).size, 200);
});

t.test('the id of a request is that of the caller when it can stand in a log, else a new one', async (t) => {
  const app = await build(t, collectOf({}));
  const idFor = async (given: string) =>
    (await app.inject({ url: '/livez', headers: { 'x-request-id': given } })).headers['x-request-id'];
  t.equal(await idFor('buyer-000042'), 'buyer-000042');
  for (const bad of ['short', 'x'.repeat(65), 'two words here', '<script>alert</script>', 'é'.repeat(10)]) {
    t.match(await idFor(encodeURI(bad) === bad ? bad : encodeURIComponent(bad)), /^[0-9a-f-]{36}$/, bad);
  }
});
