import { QUOTAS, type Quota } from '../sources/source.ts';
import type { Windows } from './hub-clock.ts';

/** Somebody waits for the answer, or it is fetched ahead of need. */
export type Lane = 'waiting' | 'background';

/** What a lane may fill of a window, all lanes counted. */
export const SHARE_OF_LANE = { waiting: 1, background: 0.6 } satisfies Record<Lane, number>;

export interface Reservation {
  bucket: Quota;
  lane: Lane;
  /** Those in which the hub may count a call made now. */
  windows: Windows;
  /** The furthest window that may be booked. */
  furthest: number;
}

/** A call counted in these windows, to be made within them. */
export interface Place extends Windows {
  /** How many calls the last of them counted with this one: a limit that falls below leaves no room for it. */
  rank: number;
}

/** What an answer of the hub tells of a bucket. */
export interface Lesson {
  /** Calls a minute. */
  limit?: number;
  /** The hub counted `used` calls; those in flight are perhaps not among them. */
  usage?: { window: number; used: number; inFlight: number };
  /** No call may be made before this window. */
  open?: number;
}

/** One bucket, as far as this process knows. */
export interface BucketState {
  /** Calls a minute. */
  limit: number;
  /** No call may be made before this window. */
  open: number;
  /** Calls reserved, by window. */
  counts: ReadonlyMap<number, number>;
}

/** Counts the calls that are reserved, by bucket and by window of the hub. */
export interface QuotaLedger {
  /**
   * Counts a call where it may first be made: in the windows of now when all have room, else in a later one,
   * at the start of which it is to be made. Null, and nothing counted, when there is no room until the last.
   */
  reserve(reservation: Reservation): Place | null | Promise<Place | null>;
  /** Gives back a place that will not be used, of a window to come. */
  release(bucket: Quota, place: Place): void;
  learn(bucket: Quota, lesson: Lesson): void;
  known(bucket: Quota): BucketState;
  /** @param listener told when places of a bucket are to be looked at again: its limit or its opening changed */
  onChanged(listener: (bucket: Quota) => void): void;
}

export const BUCKETS = Object.keys(QUOTAS) as Quota[];

/** A call is always allowed in a window without any, whatever the share and the weight: else it never would be. */
export function hasRoom(count: number, weight: number, limit: number, lane: Lane): boolean {
  return count === 0 || count + weight <= Math.max(1, Math.floor(limit * SHARE_OF_LANE[lane]));
}
