/** Counts what came of the calls to one source, in bounded memory. */
export interface FailureTally {
  succeeded(nowMs: number): void;
  /** @returns whether the source fails too much to be asked on: many times in a row, or as often as not */
  failed(nowMs: number): boolean;
}

const IN_A_ROW = 5;
const RATIO = 0.5;
const RATIO_CALLS = 20;
const SLOT_MS = 5_000;
const SLOTS = 12;

interface Slot {
  startMs: number;
  calls: number;
  failures: number;
}

/** The last minute is cut in slots, each used again when its turn comes back. */
export function createFailureTally(): FailureTally {
  const slots: Slot[] = [];
  let inARow = 0;

  function slotAt(nowMs: number): Slot {
    const startMs = nowMs - (nowMs % SLOT_MS);
    const place = (startMs / SLOT_MS) % SLOTS;
    const known = slots[place];
    if (known?.startMs === startMs) return known;
    const slot = { startMs, calls: 0, failures: 0 };
    slots[place] = slot;
    return slot;
  }

  function failsOften(nowMs: number): boolean {
    const recent = slots.filter(({ startMs }) => startMs > nowMs - SLOTS * SLOT_MS);
    const calls = recent.reduce((sum, slot) => sum + slot.calls, 0);
    const failures = recent.reduce((sum, slot) => sum + slot.failures, 0);
    return calls >= RATIO_CALLS && failures >= calls * RATIO;
  }

  return {
    succeeded(nowMs) {
      inARow = 0;
      slotAt(nowMs).calls += 1;
    },
    failed(nowMs) {
      inARow += 1;
      const slot = slotAt(nowMs);
      slot.calls += 1;
      slot.failures += 1;
      return inARow >= IN_A_ROW || failsOften(nowMs);
    },
  };
}
