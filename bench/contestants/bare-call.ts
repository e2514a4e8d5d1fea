import { Pool } from 'undici';
import { CALL_HEADERS, CALLS_A_DOSSIER } from '../source-calls.ts';

/** As many connections a source as the gateway opens, or fewer for all of them, which may be faster. */
const SHAPES = {
  'a pool each': { pools: CALLS_A_DOSSIER, connections: 64 },
  'one pool': { pools: 1, connections: 256 },
};

/** One call by undici alone. `place` is that of its source among those asked. */
export type BareCall = (path: string, place: number) => Promise<{ status: number; body: string }>;

export function createBareCall(sourcesUrl: string, shape: keyof typeof SHAPES): BareCall {
  const { pools: count, connections } = SHAPES[shape];
  const pools = Array.from({ length: count }, () => new Pool(sourcesUrl, { connections }));
  return async (path, place) => {
    const pool = pools[place % count] as Pool;
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers: CALL_HEADERS });
    return { status: statusCode, body: await body.text() };
  };
}
