import { getCallSites, promisify } from 'node:util';

/**
 * Loaded by a process before anything else, so that an afternoon takes its test some seconds: `Date.now`, which is
 * all that the gateway and the mocked administrations know of the time, runs FAST_CLOCK times as fast, and so do the
 * timers of whatever waits for quotas and tries. What the machine itself takes, the disk or the network, goes on in
 * real time, with the timers that bound it, and so do the signs of life of processes that share a Redis.
 */
const machine = Date.now;
const setTimer = globalThis.setTimeout;
const setRepeated = globalThis.setInterval;
const speed = Number(process.env.FAST_CLOCK);
const originMs = Number(process.env.FAST_CLOCK_ORIGIN_MS);
/** Further from the machine's than any clock is believed to be: dates of HTTP are then taken for wrong. */
const AHEAD_MS = 3 * 3_600_000;
const PACED = /\/src\/(jobs\/|collection\/(collect|quota))/;

const LIVES = /\/src\/fleet\/redis-fleet/;

Date.now = () =>
  LIVES.test(getCallSites(2)[1]?.scriptName ?? '')
    ? machine()
    : Math.floor(originMs + AHEAD_MS + (machine() - originMs) * speed);

/** Whether the timer was set, directly, by something that runs at this clock. */
function isPaced(): boolean {
  return PACED.test(new Error('who sets it').stack?.split('\n')[4] ?? '');
}

const fast = (delayMs = 0) => (isPaced() ? delayMs / speed : delayMs);
const promised = { [promisify.custom]: (setTimer as never)[promisify.custom] };
globalThis.setTimeout = Object.assign(
  (run: () => void, delayMs?: number, ...rest: []) => setTimer(run, fast(delayMs), ...rest),
  promised,
) as never;
globalThis.setInterval = ((run: () => void, delayMs?: number, ...rest: []) =>
  setRepeated(run, fast(delayMs), ...rest)) as typeof setInterval;
