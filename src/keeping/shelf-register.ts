import { LRUCache } from 'lru-cache';
import type { Fleet } from '../fleet/fleet.ts';
import type { CompanyStore } from './company-store.ts';
import { newShelf, type Shelf, stampOf } from './shelf.ts';

export interface ShelfRegisterOptions {
  /** Null when nothing is shared. */
  store: CompanyStore | null;
  fleet: Fleet;
  /** The least recently used goes first, with what is on it. */
  maxShelves: number;
}

/** The shelves of this process. One that another process has made wrong is thrown away with all that is on it. */
export interface ShelfRegister {
  shelfOf(siren: string): Shelf;
  forget(siren: string): void;
  /** Tells the other processes that a company was changed: its name in the store, and its stamp since. */
  announce(name: string, stamp: string): void;
  /** Reads at once when nothing can have been missed; else once the store has told whether anything was. */
  whenSure<T>(siren: string, read: (shelf: Shelf) => T | Promise<T>): T | Promise<T>;
}

const TOPIC = 'kept';

export function createShelfRegister({ store, fleet, maxShelves }: ShelfRegisterOptions): ShelfRegister {
  const byName = new Map<string, Shelf>();
  const shelves = new LRUCache<string, Shelf>({
    max: maxShelves,
    dispose(shelf) {
      shelf.isCurrent = false;
      if (store) byName.delete(store.nameOf(shelf.siren));
    },
  });

  fleet.on(TOPIC, (message) => {
    const [name = '', stamp] = message.split(' ');
    const shelf = byName.get(name);
    if (shelf && stampOf(shelf) !== stamp) shelves.delete(shelf.siren);
  });
  fleet.onRestored(() => {
    for (const shelf of shelves.values()) shelf.isSure = false;
  });

  function shelfOf(siren: string): Shelf {
    const known = shelves.get(siren);
    if (known) return known;
    const shelf = newShelf(siren);
    shelves.set(siren, shelf);
    if (store) {
      byName.set(store.nameOf(siren), shelf);
      shelf.settled = store.stampOf(siren).then((stamp) => {
        shelf.firstStamp = stamp;
      });
    }
    return shelf;
  }

  /** Announcements were missed: the store's stamp tells whether any was about this company. */
  async function makeSure(shelf: Shelf, store: CompanyStore): Promise<void> {
    const stamp = await store.stampOf(shelf.siren);
    if (stamp === undefined) return;
    shelf.isSure = true;
    if (stamp === null) {
      shelf.losses++;
      shelf.firstStamp = null;
      shelf.ownStamp = null;
    } else if (stamp !== stampOf(shelf)) {
      shelves.delete(shelf.siren);
    }
  }

  return {
    shelfOf,
    forget: (siren) => void shelves.delete(siren),
    announce: (name, stamp) => fleet.announce(TOPIC, `${name} ${stamp}`),
    whenSure(siren, read) {
      const shelf = shelfOf(siren);
      if (shelf.isSure || !store) return read(shelf);
      return makeSure(shelf, store).then(() => read(shelfOf(siren)));
    },
  };
}
