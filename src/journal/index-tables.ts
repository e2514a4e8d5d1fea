import type { Migration } from '../storage/migrate.ts';

/** In which slices of the files of a journal whom stands: little beside what it finds, and made anew when it is lost. */
export const indexTables: readonly Migration[] = [
  {
    id: 'journal-slices-0001',
    statements: [
      'CREATE TABLE chains (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL)',
      `CREATE TABLE slices (id INTEGER PRIMARY KEY, chain INTEGER NOT NULL, number INTEGER NOT NULL,
        place INTEGER NOT NULL, bytes INTEGER NOT NULL, from_le TEXT NOT NULL, to_le TEXT NOT NULL)`,
      'CREATE INDEX slices_chain ON slices (chain, number)',
      `CREATE TABLE subjects (subject TEXT NOT NULL, to_le TEXT NOT NULL, slice INTEGER NOT NULL,
        PRIMARY KEY (subject, to_le, slice)) WITHOUT ROWID`,
    ],
  },
];
