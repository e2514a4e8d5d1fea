import type { RateBudget } from './rate-budget.ts';

/** Somebody who would prove to be a client, which nobody knows yet. */
export interface Attempt {
  /** Null when it names no client that what it sends could be compared with: nothing is, then. */
  client: string | null;
  /** Digest of the secret; null for an assertion, of which nothing is known before its signature is checked. */
  secretDigest: string | null;
  /** That it came from: see networks.ts. */
  network: string;
}

/** How often somebody may try to prove who it is. */
export interface Attempts {
  /** Takes one: null, or the seconds until there is another. */
  take(attempt: Attempt): Promise<number | null>;
  /** It was good: those who fail no longer take from what it needs. */
  prove(attempt: Attempt): void;
}

/** In a minute: a token lasts ten, so that this is far more than a client needs. */
const OF_A_CLIENT_FROM_A_NETWORK = 60;
const OF_A_CLIENT = 600;
const OF_A_NETWORK = 60;
const MAX_PROVEN = 10_000;

/**
 * Bounds what guessing secrets, and having signatures checked, may cost. Those who name no client share the attempts
 * of their network, and nobody else does: behind a proxy every caller has its address. Each client has attempts of its
 * own from each network, and over all of them; once one was good, the same secret, or another assertion from the
 * same network, has its own, that no other caller can use up.
 */
export function createAttempts({ budget }: { budget: RateBudget }): Attempts {
  const proven = new Set<string>();

  async function takeAll(rates: readonly [name: string, perMinute: number][]): Promise<number | null> {
    for (const [name, perMinute] of rates) {
      const { isTaken, resetSeconds } = await budget.take(`jeton:${name}`, perMinute);
      if (!isTaken) return resetSeconds;
    }
    return null;
  }

  return {
    take({ client, secretDigest, network }) {
      if (client === null) return takeAll([[`reseau:${network}`, OF_A_NETWORK]]);
      const fromNetwork: [string, number] = [`client:${client}:${network}`, OF_A_CLIENT_FROM_A_NETWORK];
      if (!proven.has(nameOf({ client, secretDigest, network })))
        return takeAll([fromNetwork, [`client:${client}`, OF_A_CLIENT]]);
      return takeAll([secretDigest === null ? fromNetwork : [`prouve:${client}`, OF_A_CLIENT]]);
    },
    prove(attempt) {
      if (proven.size >= MAX_PROVEN) proven.clear();
      proven.add(nameOf(attempt));
    },
  };
}

function nameOf({ client, secretDigest, network }: Attempt): string {
  return `${client} ${secretDigest ?? network}`;
}
