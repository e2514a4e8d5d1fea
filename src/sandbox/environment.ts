import { z } from 'zod';
import { faultPlan, isTarget } from './faults.ts';
import { DEFAULT_SECRET } from './token.ts';

const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const port = z.coerce.number().int().min(0).max(65_535);
const target = z.string().refine(isTarget, 'no such endpoint');

const faults = z
  .string()
  .transform((text, ctx) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      ctx.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(target, faultPlan));

/** What the sandbox may be told when it starts. Port 0 means any free one. */
export const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  SANDBOX_PORT: port.default(4000),
  SANDBOX_CONTROL_PORT: port.default(4001),
  SANDBOX_QUOTAS: onOff.default(true),
  /** Off unless asked: an address that makes too many calls in a minute gets no answer for 12 hours. */
  SANDBOX_BANS: onOff.default(false),
  /** Off unless asked: a newcomer who tries at 01:30 would meet a closed tax administration. */
  SANDBOX_MAINTENANCE: onOff.default(false),
  /** JSON: endpoint id or `*` → what `PUT /faults/{id}` takes. */
  SANDBOX_FAULTS: faults.default({}),
  SANDBOX_JWT_SECRET: z.string().min(32).default(DEFAULT_SECRET),
  SANDBOX_PUBLIC_URL: z.url().optional(),
});
