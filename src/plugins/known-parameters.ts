import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem, type ProblemDetails } from '../problems.ts';
import { nearestName } from './nearest-name.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Of pages and probes, whose address what stands between may decorate, and which read none of it. Any other route
     * takes the parameters of its `schema.querystring`, and no other.
     */
    parameters?: 'ignored';
  }
}

/** What may be repeated: what looks like a name, and is shorter than any secret that the gateway draws. */
const REPEATED = /^[\p{L}_.[\]-]{1,24}\d{0,2}$/u;
const MAX_TOLD = 10;

/**
 * A parameter that a route does not know is refused: were it ignored, a slip in the name of one would change, without a
 * word, which sources are asked. What is documented is what is known, so that no route can forget to say it.
 */
export function knownParameters(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const known = knownBy(request);
    if (known === null) return done();
    const unknown = Object.keys(request.query as object).filter((name) => !Object.hasOwn(known, name));
    if (unknown.length === 0) return done();
    done(new Problem('parametres-invalides', refusalOf(unknown, Object.keys(known))));
  });
}

/** By name; null where any is. */
function knownBy({ is404, routeOptions: { config, schema } }: FastifyRequest): object | null {
  if (is404 || config.parameters === 'ignored') return null;
  const documented = schema?.querystring;
  return documented instanceof z.ZodObject ? documented.shape : {};
}

function refusalOf(unknown: readonly string[], known: readonly string[]): ProblemDetails {
  const told = unknown.slice(0, MAX_TOLD);
  const errors = told.map((name) =>
    REPEATED.test(name)
      ? { parameter: name, detail: detailOf(nearestName(name, known)) }
      : { detail: 'Un nom est vide, trop long ou illisible : il n’est pas répété ici.' },
  );
  const names = errors.flatMap((error) => ('parameter' in error ? [error.parameter] : []));
  const others = unknown.length - names.length;
  if (others > 0) names.push(others === 1 ? 'un nom' : `${others} noms`);
  const taken =
    known.length > 0
      ? `Cette adresse prend : ${known.join(', ')}.`
      : 'Cette adresse ne prend aucun paramètre.';
  return { detail: `À corriger : ${names.join(', ')}. ${taken}`, errors };
}

function detailOf(nearest: string | null): string {
  const unknown = "Ce paramètre n'est pas connu";
  return nearest === null ? `${unknown}.` : `${unknown} : vouliez-vous « ${nearest} » ?`;
}
