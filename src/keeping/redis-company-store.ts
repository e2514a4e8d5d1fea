import type { RedisLink } from '../fleet/redis-link.ts';
import { redisScript } from '../fleet/redis-script.ts';
import type { CompanyStore } from './company-store.ts';
import { compress, decompress } from './compression.ts';
import type { Seal } from './seal.ts';

export interface RedisCompanyStoreOptions {
  link: RedisLink;
  /** The first closes and names; what was kept under the names of the others is still found. */
  seals: readonly [Seal, ...Seal[]];
}

const MAX_LIFE_MS = 40 * 86_400_000;

/** Keeps the piece and gives the company its next stamp, together or not at all. */
const writePiece = redisScript<string | null>('dlnufWritePiece', {
  keys: 2,
  lua: `
local before = redis.call('GET', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return before`,
});

/** A rendition is kept with the stamp it was made under, unless a piece has changed meanwhile. */
const writeRendition = redisScript<number>('dlnufWriteRendition', {
  keys: 2,
  lua: `
if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'stamp', ARGV[3], 'body', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`,
});

const readRendition = redisScript<Buffer | null>('dlnufReadRendition', {
  keys: 2,
  reply: 'bytes',
  lua: `
local stamp = redis.call('GET', KEYS[2])
if not stamp then return false end
local kept = redis.call('HMGET', KEYS[1], 'stamp', 'body')
if kept[1] ~= stamp then return false end
return kept[2]`,
});

/**
 * What is kept of a company, in Redis: a key a piece, one for its stamp, one a rendition. The name of the
 * company between braces puts them in one slot of a cluster, so that they change together.
 */
export function createRedisCompanyStore({ link, seals }: RedisCompanyStoreOptions): CompanyStore {
  const [seal] = seals;

  const companyKeyOf = (by: Seal, siren: string) => `dlnuf:{${by.nameOf(siren)}}`;
  const stampKeyIn = (companyKey: string) => `${companyKey}:stamp`;

  function keysOf(by: Seal, siren: string, field: string): [key: string, stampKey: string] {
    const companyKey = companyKeyOf(by, siren);
    return [`${companyKey}:${by.nameOf(field)}`, stampKeyIn(companyKey)];
  }

  async function readNamedBy(by: Seal, siren: string, field: string): Promise<string | null | undefined> {
    const [key] = keysOf(by, siren, field);
    const sealed = await link.run((redis) => redis.getBuffer(key));
    if (!sealed) return sealed;
    const plain = seal.open(sealed, key);
    return (plain && decompress(plain)?.toString()) ?? null;
  }

  return {
    isWell: () => link.isWell(),
    nameOf: (siren) => seal.nameOf(siren),
    stampOf: (siren) => link.run((redis) => redis.get(stampKeyIn(companyKeyOf(seal, siren)))),
    async read(siren, field) {
      for (const by of seals) {
        const text = await readNamedBy(by, siren, field);
        if (text !== null) return text;
      }
      return null;
    },
    write({ siren, field, text, lifeMs, stamp }) {
      const [key, stampKey] = keysOf(seal, siren, field);
      const sealed = seal.close(compress(Buffer.from(text)), key);
      return link.run((redis) => writePiece(redis, key, stampKey, sealed, lifeMs, stamp, MAX_LIFE_MS));
    },
    async readRendition(siren, field) {
      const [key, stampKey] = keysOf(seal, siren, field);
      const sealed = await link.run((redis) => readRendition(redis, key, stampKey));
      return sealed && seal.open(sealed, key);
    },
    writeRendition({ siren, field, bytes, lifeMs, stamp }) {
      const [key, stampKey] = keysOf(seal, siren, field);
      const sealed = seal.close(bytes, key);
      return link.run((redis) => writeRendition(redis, key, stampKey, sealed, lifeMs, stamp));
    },
  };
}
