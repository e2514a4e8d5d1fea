import type { Endpoint } from './endpoints/endpoint.ts';
import { inParis } from './paris-clock.ts';

/** Daily windows announced by the providers, Paris time, by prefix of their errors. */
const WINDOWS: Readonly<Record<string, { from: string; to: string }>> = {
  '03': { from: '01:00', to: '02:00' },
  '08': { from: '06:00', to: '06:30' },
  '10': { from: '03:00', to: '03:30' },
  '17': { from: '22:04', to: '22:08' },
};

/** Epoch milliseconds of the end of the window the endpoint is in, if it is in one. */
export type MaintenanceEnd = (endpoint: Endpoint) => number | undefined;

export function createMaintenanceEnd({ now }: { now: () => number }): MaintenanceEnd {
  return ({ prefix }) => {
    const window = WINDOWS[prefix];
    if (!window) return undefined;
    const nowMs = now();
    const clock = inParis(nowMs);
    const from = clock.withPlainTime(window.from).epochMilliseconds;
    const to = clock.withPlainTime(window.to).epochMilliseconds;
    return from <= nowMs && nowMs < to ? to : undefined;
  };
}
