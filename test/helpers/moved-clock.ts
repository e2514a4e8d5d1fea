/**
 * Loaded by a process before anything else, so that its test can move its clock: `Date.now` is all that the
 * gateway and the mocked administrations know of the time. Timers, and what lives in Redis, go on in real time.
 */
const machine = Date.now;
let aheadMs = 0;

Date.now = () => machine() + aheadMs;

process.on('message', (message: object) => {
  if (!('aheadMs' in message)) return;
  aheadMs = Number(message.aheadMs);
  process.send?.({ aheadMs });
});
process.channel?.unref();
