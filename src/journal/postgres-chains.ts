import { type Database, type Row, throwBroken, type Value } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import { monthBefore, monthOfChain } from './chain-name.ts';
import type { ChainArchive, ChainStore, StoredLine } from './chain-store.ts';
import { type Columns, columnsOf } from './columns.ts';
import { journalTables } from './journal-tables.ts';
import type { Head } from './seal-line.ts';

/** Rows read at a time. */
const PAGE = 2_000;
/** Of a BIGINT: a row that somebody put before the first line is read as well. */
const LEAST = '-9223372036854775808';

/** Each line a row, each month a partition. */
export function createPostgresChainStore(database: Database): ChainStore {
  let chain = '';
  return {
    async heads(month, limit) {
      const rows = await rowsOf(database, HEADS, [month, monthBefore(month, 1), limit]);
      return rows as unknown as Head[];
    },
    async begin(name) {
      throwBroken(await migrate(database, journalTables));
      const month = monthOfChain(name);
      const partition = `CREATE TABLE IF NOT EXISTS ${partitionOf(month)} PARTITION OF journal_lines FOR VALUES IN ('${month}')`;
      // Two processes that make it at the same time: one of them is told that it is there.
      await rowsOf(database, partition).catch(() => rowsOf(database, partition));
      chain = name;
    },
    async append(block) {
      const rows = block.lines().map(({ text, hash }) => ({ ...columnsOf(chain, text), text, hash }));
      await rowsOf(database, INSERT, [JSON.stringify(rows)]);
    },
    close: () => database.close(),
  };
}

export function createPostgresChainArchive(database: Database): ChainArchive {
  return {
    async months() {
      const rows = await rowsOf(database, PARTITIONS);
      return rows.map(({ name }) => String(name).slice(-7).replace('_', '-')).sort();
    },
    async chains(month) {
      const rows = await rowsOf(database, CHAINS, [month]);
      return rows.map(({ chain }) => String(chain));
    },
    read: (chain) => readChain(database, chain),
    async drop(month) {
      await rowsOf(database, `DROP TABLE ${partitionOf(month)}`);
    },
    close: () => database.close(),
  };
}

async function* readChain(database: Database, chain: string): AsyncGenerator<StoredLine> {
  const month = monthOfChain(chain);
  for (let from: Value = LEAST; ; ) {
    const rows = await rowsOf(database, LINES, [month, chain, from]);
    for (const row of rows) yield storedIn(row);
    if (rows.length < PAGE) return;
    from = Number(rows.at(-1)?.number) + 1;
  }
}

function storedIn({ text, hash, ...columns }: Row): StoredLine {
  const line = { kind: 'line' as const, text: String(text), hash: String(hash) };
  try {
    const expected = columnsOf(String(columns.chain), line.text);
    const names = Object.keys(expected) as (keyof Columns)[];
    return { ...line, isMisfiled: names.some((name) => expected[name] !== columns[name]) };
  } catch {
    return { kind: 'garbled' };
  }
}

/** @param month `2026-11`; nothing else may come into a statement */
function partitionOf(month: string): string {
  if (!/^\d{4}-\d{2}$/.test(month)) throw new Error('no month');
  return `journal_lines_${month.replace('-', '_')}`;
}

/** @throws Broken */
async function rowsOf(database: Database, sql: string, values: readonly Value[] = []): Promise<Row[]> {
  return throwBroken(await database.query(sql, values));
}

const INSERT = `
  INSERT INTO journal_lines (month, chain, number, at_ms, nature, siren, body, contested, text, hash)
  SELECT month, chain, number, at_ms, nature, siren, body, contested, text, hash
  FROM json_to_recordset($1::json) AS line (month TEXT, chain TEXT, number BIGINT, at_ms BIGINT, nature TEXT,
    siren TEXT, body TEXT, contested TEXT, text TEXT, hash TEXT)`;

const LINES = `
  SELECT month, chain, number, at_ms, nature, siren, body, contested, text, hash FROM journal_lines
  WHERE month = $1 AND chain = $2 AND number >= $3 ORDER BY number LIMIT ${PAGE}`;

/** From one chain to the next by the index: there are few chains, and many lines in each. */
const CHAINS = `
  WITH RECURSIVE one AS (
    (SELECT chain FROM journal_lines WHERE month = $1 ORDER BY chain LIMIT 1)
    UNION ALL
    SELECT (SELECT chain FROM journal_lines WHERE month = $1 AND chain > one.chain ORDER BY chain LIMIT 1)
    FROM one WHERE one.chain IS NOT NULL
  )
  SELECT chain FROM one WHERE chain IS NOT NULL`;

const HEADS = `
  WITH RECURSIVE one AS (
    (SELECT month, chain FROM journal_lines WHERE month IN ($1, $2) ORDER BY month DESC, chain DESC LIMIT 1)
    UNION ALL
    SELECT next.month, next.chain FROM one CROSS JOIN LATERAL (
      SELECT month, chain FROM journal_lines
      WHERE month IN ($1, $2) AND chain < one.chain ORDER BY month DESC, chain DESC LIMIT 1) AS next
  ), latest AS (SELECT * FROM one LIMIT $3)
  SELECT latest.chain AS chaine, last.number AS n, last.hash AS empreinte
  FROM latest CROSS JOIN LATERAL (
    SELECT number, hash FROM journal_lines
    WHERE month = latest.month AND chain = latest.chain ORDER BY number DESC LIMIT 1) AS last`;

const PARTITIONS = `
  SELECT child.relname AS name FROM pg_inherits
  JOIN pg_class child ON child.oid = inhrelid
  WHERE inhparent = to_regclass('journal_lines')`;
