import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { createChainWriter } from './chain-writer.ts';
import { openChainStore } from './open-chains.ts';
import { createSigner } from './signing.ts';
import type { Call, Reply, ThreadData } from './writing-thread.ts';

const SEAL_MS = 60_000;

const { place, seed, sources } = workerData as ThreadData;
const tell = (reply: Reply) => parentPort?.postMessage(reply);
const store = openChainStore(place, () => {});
const writer = createChainWriter({
  store,
  signer: createSigner(Buffer.from(seed)),
  sources,
  now: Date.now,
  random: () => randomBytes(4).toString('hex'),
  onSealed: (head) => tell({ kind: 'sealed', head }),
});

/** One call at a time, in the order in which they came. */
let last: Promise<unknown> = Promise.resolve();
function inTurn(work: () => Promise<void>): Promise<void> {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

const calls: Record<Call['what'], (rests: string) => Promise<void>> = {
  open: () => writer.open(),
  append: (rests) => writer.append(rests.split('\n')),
  close: () => writer.close().finally(() => store.close()),
};

parentPort?.on('message', ({ id, what, rests }: Call) => {
  inTurn(() => calls[what](rests)).then(
    () => tell({ kind: 'done', id, error: null }),
    ({ message }: Error) => tell({ kind: 'done', id, error: message }),
  );
});

setInterval(() => {
  inTurn(() => writer.seal()).catch(({ message }: Error) => tell({ kind: 'failed', error: message }));
}, SEAL_MS);
