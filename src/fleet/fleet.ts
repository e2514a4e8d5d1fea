/** The gateways that share one Redis: what one announces, the others hear. */
export interface Fleet {
  /** This process among the others; drawn anew at each start. */
  readonly id: string;
  /** Heard by every other process within moments; lost, without an error, when Redis is away. */
  announce(topic: string, message: string): void;
  /** @param listener the only one of its topic; given what the other processes announce, never what this one does */
  on(topic: string, listener: (message: string) => void): void;
  /**
   * Whether a process still gives signs of life. One that is killed is known to be dead within a second; nobody
   * is, as long as nothing is heard at all.
   */
  isAlive(id: string): boolean;
  /** Told when announcements are heard again after some may have been missed. */
  onRestored(listener: () => void): void;
  /** How many processes give signs of life, this one included. */
  size(): number;
  /** How many of these come before this one, in an order that all know. */
  rank(): number;
  close(): void;
}

/** A process that shares with nobody. */
export const alone: Fleet = {
  id: 'alone',
  announce() {},
  on() {},
  isAlive: (id) => id === 'alone',
  onRestored() {},
  size: () => 1,
  rank: () => 0,
  close() {},
};
