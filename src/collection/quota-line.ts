import type { Quota } from '../sources/source.ts';
import { type HubClock, WINDOW_MS } from './hub-clock.ts';
import type { OnWaited } from './in-flight.ts';
import type { Lane, Place, QuotaLedger } from './quota-ledger.ts';

/** Who wants to make a call. */
export interface Caller {
  bucket: Quota;
  lane: Lane;
  /** @param atMs epoch milliseconds at which the call may be made; told again when that changes */
  onDelayed?: ((atMs: number) => void) | undefined;
  /** Of one in the background: from when somebody waits, it goes before those that nobody does. */
  onWaited?: OnWaited | undefined;
}

/** No call may be made: the line is as long as it may be, or it is closed. */
export interface Full {
  /** Epoch milliseconds at which asking again is worth it. */
  fullUntilMs: number;
}

export interface QuotaLine {
  reserve(caller: Caller): Place | null | Promise<Place | null>;
  /** Whether the call of a place may be made now. */
  isDue(bucket: Quota, place: Place): boolean;
  /** Resolves with null when the call may be made. */
  stand(caller: Caller, reserved: Promise<Place | null> | Place | null): Promise<Full | null>;
  /** Those who wait look at their places again: all, or those of one bucket. */
  wake(bucket?: Quota): void;
  /** How many wait. */
  size(): number;
  /** Nobody waits any more: whoever would have to is told that it is full. */
  close(): void;
}

export interface QuotaLineOptions {
  ledger: QuotaLedger;
  clock: HubClock;
  now: () => number;
  schedule: (delayMs: number, run: () => void) => () => void;
}

interface Waiter extends Caller {
  /** What it was last told. */
  toldMs?: number;
  /** The limit when its place was reserved: a higher one may have made room before. */
  limit: number;
  /** Whether somebody has come to wait for it since. */
  isWaited: boolean;
  wake(): void;
}

/** How many windows ahead a call may be booked. */
const LONGEST_LINE = 20;
/** Who has a place has it within so many milliseconds. */
export const LONGEST_LINE_MS = (LONGEST_LINE + 1) * WINDOW_MS;
/**
 * So far into a window, what is left of it is for those in the background as well: who comes later and waits for an
 * answer has the next window soon.
 */
const LEFT_OVER_MS = 40_000;

/** Where calls wait until the window comes in which each has its place. */
export function createQuotaLine({ ledger, clock, now, schedule }: QuotaLineOptions): QuotaLine {
  const waiters = new Set<Waiter>();
  let isClosed = false;

  function reserve({ bucket, lane }: Caller, furthest?: number) {
    const windows = clock.windows();
    return ledger.reserve({ bucket, lane, windows, furthest: furthest ?? windows.first + LONGEST_LINE });
  }

  function isDue(bucket: Quota, place: Place): boolean {
    const { first, last } = clock.windows();
    return first >= place.first && last <= place.last && isTenable(bucket, place);
  }

  /** A limit that fell, or a 429, takes places back. */
  function isTenable(bucket: Quota, { first, rank }: Place): boolean {
    const { limit, open } = ledger.known(bucket);
    return rank <= limit && first >= open;
  }

  async function stand(caller: Caller, reserved: Promise<Place | null> | Place | null) {
    const { bucket } = caller;
    const { limit } = ledger.known(bucket);
    const waiter: Waiter = { ...caller, limit, isWaited: false, wake() {} };
    caller.onWaited?.(() => {
      Object.assign(waiter, { lane: 'waiting', isWaited: true, toldMs: undefined });
      waiter.wake();
    });
    let place = await reserved;
    while (place && !isDue(bucket, place)) {
      if (isClosed) return leave(bucket, place);
      place = await progress(waiter, place);
    }
    return place ? null : { fullUntilMs: clock.startsAtMs(endOfLine(bucket)) };
  }

  function leave(bucket: Quota, place: Place): Full {
    ledger.release(bucket, place);
    return { fullUntilMs: Math.max(now(), clock.startsAtMs(place.first)) };
  }

  async function progress(waiter: Waiter, place: Place): Promise<Place | null> {
    const { bucket } = waiter;
    const { limit } = ledger.known(bucket);
    if (clock.windows().last > place.last) return another(waiter);
    if (!isTenable(bucket, place)) {
      ledger.release(bucket, place);
      return another(waiter);
    }
    if (waiter.isWaited || limit > waiter.limit) return earlier(waiter, place);
    if (now() >= leftOverAtMs(waiter, clock.windows().first)) {
      const better = await leftOver(waiter, place);
      if (better) {
        tell(waiter, now());
        return better;
      }
    }
    await turn(waiter, place);
    return place;
  }

  function another(waiter: Waiter) {
    waiter.limit = ledger.known(waiter.bucket).limit;
    return reserve(waiter);
  }

  async function earlier(waiter: Waiter, place: Place): Promise<Place> {
    waiter.isWaited = false;
    waiter.limit = ledger.known(waiter.bucket).limit;
    const better = await reserve(waiter, place.first - 1);
    if (better) ledger.release(waiter.bucket, place);
    return better ?? place;
  }

  /** Epoch milliseconds from which one in the background may take what is left of a window. */
  function leftOverAtMs({ lane }: Waiter, window: number): number {
    return lane === 'background' ? clock.startsAtMs(window) + LEFT_OVER_MS : Number.POSITIVE_INFINITY;
  }

  async function leftOver({ bucket }: Waiter, place: Place): Promise<Place | null> {
    const better = await reserve({ bucket, lane: 'waiting' }, clock.windows().first);
    if (better) ledger.release(bucket, place);
    return better;
  }

  function nextLeftOverMs(waiter: Waiter): number {
    const { first } = clock.windows();
    const thisMs = leftOverAtMs(waiter, first);
    return thisMs > now() ? thisMs : leftOverAtMs(waiter, first + 1);
  }

  function tell(waiter: Waiter, atMs: number): void {
    if (atMs !== waiter.toldMs) waiter.onDelayed?.(atMs);
    waiter.toldMs = atMs;
  }

  /** Until the place is due, or something changes. */
  function turn(waiter: Waiter, { first }: Place): Promise<void> {
    const atMs = clock.startsAtMs(first);
    tell(waiter, atMs);
    waiters.add(waiter);
    return new Promise((resolve) => {
      const end = () => {
        waiters.delete(waiter);
        resolve();
      };
      const wakeMs = Math.min(atMs, nextLeftOverMs(waiter));
      const cancel = schedule(Math.max(1, wakeMs - now()), end);
      waiter.wake = () => {
        cancel();
        end();
      };
    });
  }

  const endOfLine = (bucket: Quota) =>
    Math.max(clock.windows().first + LONGEST_LINE + 1, ledger.known(bucket).open);

  function wake(bucket?: Quota): void {
    for (const waiter of [...waiters]) if (bucket === undefined || waiter.bucket === bucket) waiter.wake();
  }

  return {
    reserve,
    isDue,
    stand,
    wake,
    size: () => waiters.size,
    close() {
      isClosed = true;
      wake();
    },
  };
}
