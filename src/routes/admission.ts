import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admitted } from '../access/gate.ts';
import type { Refusal } from '../access/refusal.ts';
import type { Holder } from '../access/register.ts';
import type { Witnessed } from '../access/witness.ts';
import type { Problem } from '../problems.ts';

/** Who asks: what was granted, and whom of the body it says is asking. */
export interface Asker {
  holder: Holder;
  agent: string | null;
}

/** What the gate tells a route of those it let in, and does for it with those that the route refuses. */
export interface Admission {
  /** Of a route that is for bearers of tokens. */
  admittedOf(request: FastifyRequest): Admitted & Asker;
  /**
   * Looks again at somebody who was let in, before anything leaves: sources take up to half a minute.
   *
   * @throws Problem for one who would not be let in any more
   */
  requireStanding(request: FastifyRequest, asked: Witnessed['asked']): Promise<void>;
  /** Tells the refusal, and gives what the route throws. */
  refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    refusal: Refusal,
    known: { holder: Holder | null; asked?: Witnessed['asked'] },
  ): Promise<Problem>;
}
