import { type CryptoKey, importJWK } from 'jose';
import { Broken } from '../storage/database.ts';
import type { AccessStore, Credential, Granted } from './access-store.ts';
import type { Habilitation } from './habilitation.ts';
import { openTo } from './networks.ts';
import { type Rights, rightsOf } from './rights.ts';
import { ALGORITHM } from './signing-keys.ts';

/** A habilitation, ready to be checked at each request. */
export interface Holder {
  habilitation: Habilitation;
  rights: Rights;
  /** SIRETs of the bodies that it may ask for. */
  recipients: ReadonlySet<string>;
  isOpenTo(address: string): boolean;
  expiresMs: number;
  isRevoked: boolean;
  /** As `RateLimit-Policy` says it. */
  ratePolicy: string;
}

/** All that was granted, in process: nothing is read when somebody asks. */
export interface Register {
  holder(habilitationId: string): Holder | undefined;
  credential(id: string): Credential | undefined;
  credentialsOf(habilitationId: string): readonly Credential[];
  /** Of a key that was not revoked. */
  publicKey(kid: string): CryptoKey | undefined;
  /**
   * False while the store could not be looked at for a while: a revocation may have been missed, and nobody is
   * let in.
   */
  isCurrent(): boolean;
  /** Resolves once what is granted now is in force in this process, or the store is known to be away. */
  refresh(): Promise<void>;
  close(): void;
}

export interface RegisterOptions {
  store: AccessStore;
  /** Milliseconds since some instant, whatever is done to the clock. */
  uptimeMs?: () => number;
  /** Told when the store goes away, and when it is back. */
  onChange(isAway: boolean, reason: string): void;
  /** Calls back again and again; gives what ends it. */
  every?(intervalMs: number, callback: () => void): () => void;
}

/** A revocation is in force everywhere within a second: a look, and the time that it takes. */
const LOOK_MS = 400;
const AWAY_MS = 5_000;

interface Contents {
  version: number;
  holders: Map<string, Holder>;
  credentials: Map<string, Credential>;
  credentialsOf: Map<string, Credential[]>;
  keys: Map<string, CryptoKey>;
}

const NOTHING: Contents = {
  version: 0,
  holders: new Map(),
  credentials: new Map(),
  credentialsOf: new Map(),
  keys: new Map(),
};

/** Holds what the store holds: it compares one number with the store's, and reads again when that has changed. */
export function createRegister(options: RegisterOptions): Register {
  const { store, onChange, every = interval, uptimeMs = () => performance.now() } = options;
  let contents = NOTHING;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let isPrepared = false;
  let isAway = false;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    // Before the store is asked: what changes after that is seen by the next look.
    const askedMs = uptimeMs();
    const broken = await readWhatChanged();
    if (!broken) lookedMs = askedMs;
    if (isAway !== Boolean(broken)) onChange(Boolean(broken), broken?.message ?? '');
    isAway = Boolean(broken);
  }

  async function readWhatChanged(): Promise<Broken | null> {
    if (!isPrepared) {
      const prepared = await store.prepare();
      if (prepared instanceof Broken) return prepared;
      isPrepared = true;
    }
    const version = await store.version();
    if (version instanceof Broken) return version;
    if (version === contents.version) return null;
    const granted = await store.read();
    if (granted instanceof Broken) return granted;
    contents = await contentsOf(granted);
    return null;
  }

  /** One look at a time; those who want one join it. */
  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  const stop = every(LOOK_MS, () => void lookOnce());
  return {
    holder: (id) => contents.holders.get(id),
    credential: (id) => contents.credentials.get(id),
    credentialsOf: (id) => contents.credentialsOf.get(id) ?? [],
    publicKey: (kid) => contents.keys.get(kid),
    isCurrent: () => uptimeMs() - lookedMs < AWAY_MS,
    async refresh() {
      // The one under way may have asked before what is wanted was written.
      await looking;
      await lookOnce();
    },
    close: stop,
  };
}

async function contentsOf({ version, habilitations, credentials, keys }: Granted): Promise<Contents> {
  const holders = habilitations.map(({ habilitation, revokedAtMs }): [string, Holder] => [
    habilitation.id,
    holderOf(habilitation, revokedAtMs !== null),
  ]);
  const valid = keys.filter(({ revokedAtMs }) => revokedAtMs === null);
  const imported = valid.map(async ({ kid, publicJwk }): Promise<[string, CryptoKey]> => {
    return [kid, (await importJWK(JSON.parse(publicJwk), ALGORITHM)) as CryptoKey];
  });
  return {
    version,
    holders: new Map(holders),
    credentials: new Map(credentials.map((credential) => [credential.id, credential])),
    credentialsOf: Map.groupBy(credentials, ({ habilitationId }) => habilitationId),
    keys: new Map(await Promise.all(imported)),
  };
}

function holderOf(habilitation: Habilitation, isRevoked: boolean): Holder {
  const { organisme, editeur, reseaux, expire_le, debit } = habilitation;
  return {
    habilitation,
    rights: rightsOf(habilitation),
    recipients: new Set([organisme.siret, ...(editeur?.clients ?? [])]),
    isOpenTo: openTo(reseaux),
    expiresMs: Date.parse(expire_le),
    isRevoked,
    ratePolicy: `"habilitation";q=${debit.par_minute};w=60`,
  };
}

function interval(intervalMs: number, callback: () => void): () => void {
  const timer = setInterval(callback, intervalMs).unref();
  return () => clearInterval(timer);
}
