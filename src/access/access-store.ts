import { z } from 'zod';
import { Broken, type Database, type Query, type Row } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import { ACCESS_MIGRATIONS } from './access-schema.ts';
import { type Habilitation, habilitationSchema } from './habilitation.ts';

const instantMs = z.number().nullable();

export const CREDENTIAL_KINDS = ['jeton', 'secret', 'cle'] as const;

/** What opens the gateway for a habilitation: a long-lived token, a client's secret, or its public key. */
const credentialSchema = z.object({
  id: z.string(),
  habilitationId: z.string(),
  kind: z.enum(CREDENTIAL_KINDS),
  /** SHA-256 of the secret (base64url), or the public key (JWK); of a token nothing: its signature proves it. */
  proof: z.string().nullable(),
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
  revokedAtMs: instantMs,
});
export type Credential = Readonly<z.infer<typeof credentialSchema>>;

export interface StoredHabilitation {
  habilitation: Habilitation;
  grantedAtMs: number;
  revokedAtMs: number | null;
}

const keySchema = z.object({
  kid: z.string(),
  publicJwk: z.string(),
  createdAtMs: z.number(),
  revokedAtMs: instantMs,
});
export type SigningKey = Readonly<z.infer<typeof keySchema>>;

/** All that was granted, at some version. */
export interface Granted {
  version: number;
  habilitations: StoredHabilitation[];
  credentials: Credential[];
  keys: SigningKey[];
}

/** Habilitations and what opens the gateway for them. Whatever changes them changes the version. */
export interface AccessStore {
  /** Makes the tables where they are missing. */
  prepare(): Promise<'done' | Broken>;
  version(): Promise<number | Broken>;
  read(): Promise<Granted | Broken>;
  /** Grants, or replaces the one of the same id. */
  grant(habilitation: Habilitation): Promise<'done' | Broken>;
  /** False when there is none, or it was revoked before. */
  revokeHabilitation(id: string): Promise<boolean | Broken>;
  addCredential(credential: Omit<Credential, 'revokedAtMs' | 'createdAtMs'>): Promise<'done' | Broken>;
  revokeCredential(id: string): Promise<boolean | Broken>;
  /** Those of a kind, save one, end at an instant at the latest. */
  shorten(
    habilitationId: string,
    kind: Credential['kind'],
    exceptId: string,
    untilMs: number,
  ): Promise<'done' | Broken>;
  addKey(key: Pick<SigningKey, 'kid' | 'publicJwk'>): Promise<'done' | Broken>;
  revokeKey(kid: string): Promise<boolean | Broken>;
  /** Whether this is the first time: an assertion is good for one token. */
  useAssertion(client: string, jti: string, expiresAtMs: number): Promise<boolean | Broken>;
}

export function createAccessStore({ database, now }: { database: Database; now: () => number }): AccessStore {
  /** @returns whether any row was changed */
  const change = (sql: string, values: readonly (string | number)[]): Promise<boolean | Broken> =>
    database.transaction(async (query) => {
      const changed = await query(sql, values);
      await query('UPDATE access_version SET number = number + 1');
      return changed.length > 0;
    });

  const changeAnyway = async (...args: Parameters<typeof change>): Promise<'done' | Broken> => {
    const changed = await change(...args);
    return changed instanceof Broken ? changed : 'done';
  };

  return {
    prepare: () => migrate(database, ACCESS_MIGRATIONS),
    async version() {
      const rows = await database.query('SELECT number FROM access_version WHERE id = 1');
      return rows instanceof Broken ? rows : Number(rows[0]?.number);
    },
    read: () => database.transaction(readAll),
    grant: (habilitation) =>
      changeAnyway(
        `INSERT INTO habilitations (id, document, granted_at_ms) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET document = excluded.document`,
        [habilitation.id, JSON.stringify(habilitation), now()],
      ),
    revokeHabilitation: (id) =>
      change(
        'UPDATE habilitations SET revoked_at_ms = $2 WHERE id = $1 AND revoked_at_ms IS NULL RETURNING id',
        [id, now()],
      ),
    addCredential: ({ id, habilitationId, kind, proof, expiresAtMs }) =>
      changeAnyway(
        `INSERT INTO credentials (id, habilitation_id, kind, proof, created_at_ms, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, habilitationId, kind, proof ?? '', now(), expiresAtMs],
      ),
    revokeCredential: (id) =>
      change(
        'UPDATE credentials SET revoked_at_ms = $2 WHERE id = $1 AND revoked_at_ms IS NULL RETURNING id',
        [id, now()],
      ),
    shorten: (habilitationId, kind, exceptId, untilMs) =>
      changeAnyway(
        `UPDATE credentials SET expires_at_ms = $4
         WHERE habilitation_id = $1 AND kind = $2 AND id <> $3 AND expires_at_ms > $4`,
        [habilitationId, kind, exceptId, untilMs],
      ),
    addKey: ({ kid, publicJwk }) =>
      changeAnyway(
        `INSERT INTO signing_keys (kid, public_jwk, created_at_ms) VALUES ($1, $2, $3)
         ON CONFLICT (kid) DO NOTHING`,
        [kid, publicJwk, now()],
      ),
    revokeKey: (kid) =>
      change(
        'UPDATE signing_keys SET revoked_at_ms = $2 WHERE kid = $1 AND revoked_at_ms IS NULL RETURNING kid',
        [kid, now()],
      ),
    useAssertion: (client, jti, expiresAtMs) =>
      database.transaction(async (query) => {
        await query('DELETE FROM used_assertions WHERE expires_at_ms < $1', [now()]);
        const rows = await query(
          `INSERT INTO used_assertions (client, jti, expires_at_ms) VALUES ($1, $2, $3)
           ON CONFLICT (client, jti) DO NOTHING RETURNING jti`,
          [client, jti, expiresAtMs],
        );
        return rows.length > 0;
      }),
  };
}

/** The version first: what changes meanwhile is then read once more. */
async function readAll(query: Query): Promise<Granted> {
  const [row] = await query('SELECT number FROM access_version');
  const habilitations = await query(
    'SELECT document, granted_at_ms, revoked_at_ms FROM habilitations ORDER BY granted_at_ms, id',
  );
  const credentials = await query('SELECT * FROM credentials ORDER BY created_at_ms, id');
  const keys = await query('SELECT * FROM signing_keys ORDER BY created_at_ms, kid');
  return {
    version: Number(row?.number),
    habilitations: habilitations.flatMap(habilitationIn),
    credentials: credentials.map(credentialIn),
    keys: keys.map(keyIn),
  };
}

/** One that cannot be read, of a source that is no more for instance, opens nothing. */
function habilitationIn({ document, granted_at_ms, revoked_at_ms }: Row): StoredHabilitation[] {
  const { data } = habilitationSchema.safeParse(JSON.parse(String(document)));
  return data
    ? [
        {
          habilitation: data,
          grantedAtMs: Number(granted_at_ms),
          revokedAtMs: instantMs.parse(revoked_at_ms),
        },
      ]
    : [];
}

function credentialIn(row: Row): Credential {
  return credentialSchema.parse({
    id: row.id,
    habilitationId: row.habilitation_id,
    kind: row.kind,
    proof: row.proof || null,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms,
  });
}

function keyIn(row: Row): SigningKey {
  return keySchema.parse({
    kid: row.kid,
    publicJwk: row.public_jwk,
    createdAtMs: row.created_at_ms,
    revokedAtMs: row.revoked_at_ms,
  });
}
