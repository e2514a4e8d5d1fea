import type { Migration } from '../storage/migrate.ts';

const COLUMNS = `
  month TEXT NOT NULL, chain TEXT NOT NULL, number BIGINT NOT NULL, at_ms BIGINT NOT NULL, nature TEXT NOT NULL,
  siren TEXT, body TEXT, contested TEXT, text TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (month, chain, number)`;

const INDEXES = [
  'CREATE INDEX journal_lines_siren ON journal_lines (siren, month, at_ms, chain, number)',
  'CREATE INDEX journal_lines_body ON journal_lines (body, month, at_ms, chain, number)',
  'CREATE INDEX journal_lines_contested ON journal_lines (contested) WHERE contested IS NOT NULL',
];

/** In Postgres the journal itself, a partition a month. */
export const journalTables: readonly Migration[] = [
  {
    id: 'journal-0001-lines',
    statements: [
      `CREATE TABLE journal_lines (${COLUMNS.replaceAll(/\bTEXT\b/g, 'TEXT COLLATE "C"')}) PARTITION BY LIST (month)`,
      ...INDEXES,
    ],
  },
];
