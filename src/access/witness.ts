import type { Reason } from './refusal.ts';
import type { Holder } from './register.ts';

/** What is remembered of each access and each refusal: who, for whom, why, whose data, which; never a value. */
export interface Witnessed {
  requestId: string;
  method: string;
  /** The route as declared: the address names a company. Null for an address that does not exist. */
  route: string | null;
  /** Null for somebody who was not recognised. */
  holder: Holder | null;
  /** Whom of the body it said was asking; null when it did not. */
  agent: string | null;
  /** Of the answer that goes out. */
  status: number;
  /** Why it was refused; null for an access. */
  reason: Reason | null;
  /** What was asked, as far as it could be read. */
  asked: { siret: string; usage: string; recipient: string; object: string | null; context: string } | null;
  /** Ids of the sources whose pieces leave: those that were kept, and those that were asked for it. */
  kept: readonly string[];
  collected: readonly string[];
  /** SIREN of the company that heads the tax group, where pieces are about her: she sees it too. */
  mere: string | null;
  /** SHA-256 of the body, as its `ETag` gives it; null where there is none. */
  digest: string | null;
}

/**
 * The one place where accesses are told: before the data leaves, and at each refusal.
 *
 * @param leave to be called, at once or later, with whether it could be remembered: data that could not be
 *   accounted for does not leave
 */
export type Witness = (witnessed: Witnessed, leave: (isRemembered: boolean) => void) => void;
