import type { Migration } from '../storage/migrate.ts';

/** Where each access stands in the files of a journal: little beside what it finds, and made anew when it is lost. */
export const indexTables: readonly Migration[] = [
  {
    id: 'journal-index-0001',
    statements: [
      'CREATE TABLE chains (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL)',
      `CREATE TABLE accesses (chain INTEGER NOT NULL, number INTEGER NOT NULL, at_ms INTEGER NOT NULL,
        place INTEGER NOT NULL, siren INTEGER, body INTEGER, PRIMARY KEY (chain, number)) WITHOUT ROWID`,
      'CREATE INDEX accesses_siren ON accesses (siren, at_ms)',
      'CREATE INDEX accesses_body ON accesses (body, at_ms)',
      `CREATE TABLE contestations (access TEXT NOT NULL, chain INTEGER NOT NULL, place INTEGER NOT NULL,
        at_ms INTEGER NOT NULL, PRIMARY KEY (access, chain, place)) WITHOUT ROWID`,
    ],
  },
];
