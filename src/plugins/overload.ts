import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems.ts';

const SAMPLE_MS = 1_500;
/** A kept dossier takes a twentieth of a millisecond: this is some thousands of requests behind. */
const MAX_EVENT_LOOP_DELAY_MS = 500;

const LATER =
  "La passerelle reçoit plus de demandes qu'elle n'en peut traiter : réessayez dans quelques secondes.";

/** Those who watch the process must see it, above all when it is not well. */
const EXEMPT = ['/livez', '/readyz', '/metrics'];

/** @throws Problem 503 */
export type Shed = () => never;

export function createShed(onShed: () => void): Shed {
  return () => {
    onShed();
    throw new Problem('passerelle-indisponible', { detail: LATER });
  };
}

/**
 * Refuses at once what the process could not answer in time: what it accepts stays fast. How long it took to start is no
 * reason: it is in the sample that is being taken when it listens, which serves until the next.
 */
export async function overload(app: FastifyInstance, shed: Shed): Promise<void> {
  let startedMs = Number.NEGATIVE_INFINITY;
  app.addHook('onListen', async () => {
    startedMs = performance.now();
  });
  const isOfTheStart = () => performance.now() - startedMs < 2 * SAMPLE_MS;
  await app.register(underPressure, {
    sampleInterval: SAMPLE_MS,
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    pressureHandler(request) {
      if (!isOfTheStart() && !EXEMPT.includes(request.routeOptions.url ?? '')) shed();
    },
  });
}
