import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusalOfDossier } from '../access/gate.ts';
import type { Holder } from '../access/register.ts';
import type { Job } from '../jobs/job.ts';
import { Problem, problemDocument } from '../problems.ts';
import type { CandidaturesOptions } from './candidatures.ts';
import { createFairPlaces } from './fair-places.ts';
import type { createFollowedPage } from './followed-page.ts';
import { type Followed, followedIn } from './posted-question.ts';
import { readable } from './readable.ts';

export type FollowStreamOptions = CandidaturesOptions & ReturnType<typeof createFollowedPage>;

/** Readers of streams at once, of this process. */
const MAX_STREAMS = 200;
const LOOK_MS = 1_000;
/** A reader that is still there asks again, as browsers do by themselves. */
const LONGEST_MS = 900_000;
/** Between two signs of life: shorter than what proxies wait. */
const QUIET_LOOKS = 15;
/** Companies that are looked at in one go. */
const WIDTH = 20;
const BUG = "L'erreur est enregistrée. Citez l'identifiant de la requête au support.";

/** Tells how far a job has come as it goes on, each company once it is done, and the whole at the end. */
export function createFollowStream(app: FastifyInstance, options: FollowStreamOptions) {
  const { store, gate, shed, pageOf, tellSeen } = options;
  const streams = new Set<AbortController>();
  const take = createFairPlaces(MAX_STREAMS, shed);
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.abort();
  });

  async function follow(request: FastifyRequest, id: string, out: Writable, signal: AbortSignal) {
    const write = async (event: string, data: unknown) => {
      if (!out.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
        await once(out, 'drain', { signal });
    };
    const told = new Set<number>();
    let last = '';
    for (let looks = 0; looks < LONGEST_MS / LOOK_MS; looks++) {
      const found = readable(await store.find(id));
      // As if it were asked for again: a stream outlives what opened it, its token first.
      const holder = gate.recallNow(request.raw);
      if (!found || !holder) return;
      const { job } = found;
      const followed = followedIn(found.question);
      if (refusalOfDossier(holder, followed)) return;
      const { view } = await pageOf(job, followed, holder, 0, 0);
      const { statut, fin_estimee_le, progression } = view.data;
      const progress = { statut, fin_estimee_le, progression };
      const now = JSON.stringify({ statut, progression });
      if (now !== last) await write('progression', progress);
      else if (looks % QUIET_LOOKS === 0) out.write(':\n\n');
      if (now !== last) await tellDone(request, job, followed, holder, told, write);
      last = now;
      if (job.state !== 'en_cours') {
        const whole = await pageOf(job, followed, holder, 0, job.kind === 'ouverture' ? 0 : job.size);
        await tellSeen(request, followed, holder, whole.seen, JSON.stringify(whole.view));
        return write('suivi', whole.view);
      }
      await sleep(LOOK_MS, undefined, { signal });
    }
  }

  async function tellDone(
    request: FastifyRequest,
    job: Job,
    followed: Followed,
    holder: Holder,
    told: Set<number>,
    write: (event: string, data: unknown) => Promise<void>,
  ) {
    for (let from = 0; from < job.size; from += WIDTH) {
      const places = Array.from({ length: Math.min(WIDTH, job.size - from) }, (_, i) => from + i);
      if (places.every((place) => told.has(place))) continue;
      const { seen } = await pageOf(job, followed, holder, from, WIDTH);
      for (const [i, one] of seen.entries()) {
        const isDone = !['en_attente', 'en_cours'].includes(one.view.statut);
        if (!isDone || told.has(from + i)) continue;
        told.add(from + i);
        await tellSeen(request, followed, holder, [one], JSON.stringify(one.view));
        await write('entreprise', one.view);
      }
    }
  }

  return {
    send(request: FastifyRequest, reply: FastifyReply, id: string) {
      const { habilitation } = options.access.admittedOf(request).holder;
      const leave = take(habilitation.id);
      const out = new PassThrough();
      const ending = new AbortController();
      streams.add(ending);
      out.once('close', () => ending.abort());
      follow(request, id, out, ending.signal)
        .catch((err) => {
          if (ending.signal.aborted) return;
          const isRefusal = err instanceof Problem;
          if (!isRefusal) request.log.error({ err }, 'a request met a bug');
          const { slug, details } = isRefusal ? err : new Problem('erreur-interne', { detail: BUG });
          out.write(
            `event: probleme\ndata: ${JSON.stringify(problemDocument(slug, details, request.id))}\n\n`,
          );
        })
        .finally(() => {
          streams.delete(ending);
          leave();
          out.end();
        });
      reply.header('vary', 'accept, authorization').header('cache-control', 'no-store');
      return reply.type('text/event-stream; charset=utf-8').send(out);
    },
  };
}
