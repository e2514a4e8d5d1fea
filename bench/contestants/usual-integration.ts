import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fastify from 'fastify';
import { Redis } from 'ioredis';
import { request } from 'undici';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { isSiret, type Siret, sirenOf } from '../../src/dossier/siret.ts';
import { listen } from '../listening.ts';
import { CALL_HEADERS, callsAbout } from '../source-calls.ts';
import { jsonSchemaOf } from './json-schema-of.ts';

/**
 * The integration that a competent developer writes without a gateway: Redis in front, every source at once
 * behind, the answer serialised by schema. No log, no encryption, no timeout: what it leaves out is in its favour.
 */

const { values } = parseArgs({
  options: {
    'redis-url': { type: 'string', default: '' },
    'sources-url': { type: 'string', default: '' },
    /** A dossier of the gateway: the shape that the answers are put into. */
    shape: { type: 'string', default: '' },
  },
});

const KEPT_SECONDS = 3600;
const shape = readFileSync(values.shape, 'utf8');
const shapeSiret: Siret = JSON.parse(shape).data.siret;
const redis = new Redis(values['redis-url']);

async function called(path: string): Promise<unknown> {
  const { body } = await request(values['sources-url'] + path, { headers: CALL_HEADERS });
  return body.json();
}

async function constituted(siret: Siret): Promise<Dossier> {
  await Promise.all(callsAbout(siret).map(called));
  return JSON.parse(
    shape.replaceAll(shapeSiret, siret).replaceAll(sirenOf(shapeSiret), sirenOf(siret)),
  ) as Dossier;
}

const app = fastify();
app.get<{ Params: { siret: string } }>(
  '/v1/dossiers/:siret',
  { schema: { response: { 200: jsonSchemaOf(JSON.parse(shape)) } } },
  async ({ params: { siret } }, reply) => {
    if (!isSiret(siret)) return reply.code(422).send();
    const key = `dossier:${siret}`;
    const kept = await redis.get(key);
    if (kept !== null) return JSON.parse(kept) as Dossier;
    const dossier = await constituted(siret);
    await redis.setex(key, KEPT_SECONDS, JSON.stringify(dossier));
    return dossier;
  },
);

await app.ready();
listen(app.server);
