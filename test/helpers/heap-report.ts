/** Loaded by a process before anything else, so that its test can learn what it holds in memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

process.on('message', (message: object) => {
  if (!('heap' in message)) return;
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ heapBytes: heapUsed + external });
});
process.channel?.unref();
