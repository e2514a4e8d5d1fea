import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { PROBLEMS, type ProblemSlug } from '../problems.ts';

const PAGES = new URL('../../docs/problems/', import.meta.url);

/** The page of each problem type, at the address that its documents give as their `type`. */
export function problemPagesRoute(app: FastifyInstance): void {
  for (const slug of Object.keys(PROBLEMS) as ProblemSlug[]) {
    const page = readFileSync(new URL(`${slug}.md`, PAGES));
    app.get(
      `/problemes/${slug}`,
      { config: { access: 'open', parameters: 'ignored' }, schema: { hide: true } as object },
      (_request, reply) => {
        reply.type('text/markdown; charset=utf-8').send(page);
      },
    );
  }
}
