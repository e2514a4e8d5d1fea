/** A lock nobody releases dies by itself. */
const LOCK_MS = 60_000;
const LOCKS_AT_ONCE = 10_000;

/** Two identical requests of one user may not be in flight together: the second is answered 409 `00015`. */
export interface Conflicts {
  /** False when `key` is already locked. */
  enter(key: string): boolean;
  leave(key: string): void;
}

/** Locks are held in order of age: past the bound, the oldest is forgotten. */
export function createConflicts({ now }: { now: () => number }): Conflicts {
  const locks = new Map<string, number>();
  return {
    enter(key) {
      const lockedUntilMs = locks.get(key);
      if (lockedUntilMs !== undefined && now() < lockedUntilMs) return false;
      locks.delete(key);
      locks.set(key, now() + LOCK_MS);
      if (locks.size > LOCKS_AT_ONCE) locks.delete(locks.keys().next().value ?? '');
      return true;
    },
    leave: (key) => void locks.delete(key),
  };
}

/** Same endpoint and version, same identifier, same query parameters in any order, same `uid`. */
export function conflictKeyOf(path: string, query: Readonly<Record<string, string>>, uid: string): string {
  let key = `${uid} ${path}`;
  for (const name of Object.keys(query).sort()) {
    if (name !== 'token') key += JSON.stringify([name, query[name]]);
  }
  return key;
}
