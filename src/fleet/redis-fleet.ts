import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Fleet } from './fleet.ts';
import type { RedisClient, RedisLink } from './redis-link.ts';

export interface RedisFleetOptions {
  link: RedisLink;
  /** A connection of its own, as open-redis opens it. */
  subscriber: Redis;
  now: () => number;
}

const CHANNEL = 'dlnuf:fleet';
const BEAT = 'beat';
const BEAT_MS = 200;
/** Three beats missed: a busy process may skip one or two. */
const DEAD_MS = 700;
const FORGOTTEN_MS = 10_000;
/** How long a process that announces and hears nothing waits before it subscribes on another connection. */
const DEAF_MS = 2_000;

/**
 * Each process announces that it lives five times a second, and numbers whatever it announces: a number that
 * is missing tells the others that they missed something. Each hears itself as well: one that hears nothing
 * is deaf, and cannot tell who else lives.
 */
export function createRedisFleet({ link, subscriber, now }: RedisFleetOptions): Fleet {
  const id = randomBytes(9).toString('base64url');
  const listeners = new Map<string, (message: string) => void>();
  const restored: (() => void)[] = [];
  /** Epoch milliseconds at which each process was last heard. */
  const heardMs = new Map<string, number>();
  /** At which those that were never heard were first asked about. */
  const askedMs = new Map<string, number>();
  /** The number that each process uses next; null when any will do, since it is known that some are missing. */
  const nextNumbers = new Map<string, number | null>();
  let announced = 0;
  let lastHeardMs = now();
  let subscribedMs = now();

  function announce(topic: string, message: string): void {
    const text = `${id} ${++announced} ${topic} ${message}`;
    void link.run((redis) => steady(redis).publish(CHANNEL, text));
  }

  function hear(text: string): void {
    const [from = '', number = '', topic = ''] = text.split(' ', 3);
    if (isDeaf()) giveTime();
    lastHeardMs = now();
    heardMs.set(from, lastHeardMs);
    askedMs.delete(from);
    const expected = nextNumbers.get(from);
    if (expected !== null && Number(number) !== (expected ?? 1)) tellRestored();
    nextNumbers.set(from, Number(number) + 1);
    if (from !== id) listeners.get(topic)?.(text.slice(from.length + number.length + topic.length + 3));
  }

  /** Once for all that was missed, from whomever. */
  function tellRestored(): void {
    for (const one of nextNumbers.keys()) nextNumbers.set(one, null);
    for (const listener of restored) listener();
  }

  function isDeaf(): boolean {
    return agoMs(lastHeardMs) > DEAD_MS;
  }

  /** The clock may be set back as well. */
  function agoMs(ms: number): number {
    return Math.abs(now() - ms);
  }

  /** After a silence the others are heard again within a beat, not all at once. */
  function giveTime(): void {
    for (const [other, ms] of heardMs) if (isRecent(ms)) heardMs.set(other, now());
  }

  /** Now; or, for one who is deaf, when something was heard last. */
  function isRecent(ms: number): boolean {
    return (isDeaf() ? lastHeardMs - ms : agoMs(ms)) <= DEAD_MS;
  }

  function others(): string[] {
    return [...heardMs].filter(([other, ms]) => other !== id && isRecent(ms)).map(([other]) => other);
  }

  function beat(): void {
    for (const times of [heardMs, askedMs]) {
      for (const [other, ms] of times) if (agoMs(ms) > FORGOTTEN_MS && !isRecent(ms)) forget(other);
    }
    announce(BEAT, '');
    if (Math.min(agoMs(subscribedMs), agoMs(lastHeardMs)) > DEAF_MS) subscribeElsewhere();
  }

  function forget(other: string): void {
    for (const known of [heardMs, askedMs, nextNumbers]) known.delete(other);
  }

  /** ioredis sees by itself a connection that is closed; not one on which nothing arrives any more. */
  function subscribeElsewhere(): void {
    if (!link.isWell() || subscriber.status !== 'ready') return;
    subscribedMs = now();
    subscriber.disconnect(true);
  }

  /**
   * What is announced from then on is heard. What was before may have been missed, with whatever Redis held: one that
   * restarts between two beats leaves no number missing. The connection for commands comes back before or after this
   * one, and whoever is told can do nothing without it.
   */
  function subscribe(): void {
    const listen = () => {
      tellRestored();
      beat();
    };
    subscriber.subscribe(CHANNEL).then(listen, () => {});
  }

  subscriber.on('message', (_channel: string, text: string) => hear(text));
  subscriber.on('ready', subscribe);
  if (subscriber.status === 'ready') subscribe();
  link.onWell(tellRestored);
  const timer = setInterval(beat, BEAT_MS).unref();

  return {
    id,
    announce,
    on: (topic, listener) => void listeners.set(topic, listener),
    isAlive(other) {
      const ms = heardMs.get(other) ?? askedMs.get(other) ?? now();
      if (!heardMs.has(other)) askedMs.set(other, ms);
      return other === id || isRecent(ms);
    },
    onRestored: (listener) => void restored.push(listener),
    size: () => 1 + others().length,
    rank: () => others().filter((other) => other < id).length,
    close: () => clearInterval(timer),
  };
}

/** Always the same node of a cluster: what goes through several arrives in any order. */
function steady(redis: RedisClient): RedisClient {
  if (!('nodes' in redis)) return redis;
  return redis.nodes('master').find(({ status }) => status === 'ready') ?? redis;
}
