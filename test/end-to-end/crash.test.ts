import t from 'tap';
import { exitOf, startGateway, until } from '../helpers/start-gateway.ts';

const BUG = "process.on('SIGUSR2', () => { throw new Error('a bug outside any request'); })";

await t.test('a bug outside any request ends the process, which says why', async (t) => {
  const gateway = await startGateway(t, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(BUG)}`,
  });
  gateway.process.kill('SIGUSR2');
  t.equal(await exitOf(gateway.process), 1);
  // What it printed last may be read a moment after its end.
  const saysWhy = () => gateway.output().includes('a bug outside any request');
  await until(saysWhy, 2_000, () => 'the process ended without a word');
  await t.rejects(fetch(`${gateway.controlUrl}/calls`), 'the mocked administrations are gone too');
});
