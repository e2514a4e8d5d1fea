import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';

const AGAIN_MS = 250;
const TIMES = 60;

/** A machine that is busy elsewhere makes an application shed for a moment: what was shed is asked again. */
export function askAgainWhenShed(app: FastifyInstance): void {
  const inject = app.inject.bind(app) as (given: InjectOptions | string) => Promise<LightMyRequestResponse>;
  const isShed = ({ statusCode, body }: LightMyRequestResponse) =>
    statusCode === 503 && body.includes('plus de demandes');
  app.inject = (async (given: InjectOptions | string) => {
    let answer = await inject(given);
    for (let left = TIMES; left > 0 && isShed(answer); left--) {
      await sleep(AGAIN_MS);
      answer = await inject(given);
    }
    return answer;
  }) as never;
}
