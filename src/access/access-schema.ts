import type { Migration } from '../storage/migrate.ts';

/** Of habilitations and of what opens the gateway for them. Instants are epoch milliseconds. */
export const ACCESS_MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-habilitations',
    statements: [
      // One row: what every process compares with what it has read.
      'CREATE TABLE access_version (id INTEGER PRIMARY KEY CHECK (id = 1), number BIGINT NOT NULL)',
      'INSERT INTO access_version (id, number) VALUES (1, 1)',
      `CREATE TABLE habilitations (
        id TEXT PRIMARY KEY,
        document TEXT NOT NULL,
        granted_at_ms BIGINT NOT NULL,
        revoked_at_ms BIGINT
      )`,
      `CREATE TABLE credentials (
        id TEXT PRIMARY KEY,
        habilitation_id TEXT NOT NULL REFERENCES habilitations (id),
        kind TEXT NOT NULL,
        proof TEXT,
        created_at_ms BIGINT NOT NULL,
        expires_at_ms BIGINT NOT NULL,
        revoked_at_ms BIGINT
      )`,
      'CREATE INDEX credentials_of_habilitation ON credentials (habilitation_id)',
      `CREATE TABLE signing_keys (
        kid TEXT PRIMARY KEY,
        public_jwk TEXT NOT NULL,
        created_at_ms BIGINT NOT NULL,
        revoked_at_ms BIGINT
      )`,
      // Client assertions that were used, until they would have expired.
      `CREATE TABLE used_assertions (
        client TEXT NOT NULL,
        jti TEXT NOT NULL,
        expires_at_ms BIGINT NOT NULL,
        PRIMARY KEY (client, jti)
      )`,
    ],
  },
];
