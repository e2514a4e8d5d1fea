import { Broken, type Database, type Row } from '../storage/database.ts';
import { monthOfChain } from './chain-name.ts';
import type { FoundAccess, Lookup, Position } from './lookup.ts';

const LATEST: Position = ['9', Number.MAX_SAFE_INTEGER, 0];

/** The journal is the table that is looked up. */
export function createPostgresLookup({ query, close }: Pick<Database, 'query' | 'close'>): Lookup {
  return {
    async accesses(concerned, before, limit) {
      const [column, value] = 'siren' in concerned ? ['siren', concerned.siren] : ['body', concerned.body];
      const [chain, atMs, number] = before ?? LATEST;
      const month = before ? monthOfChain(chain) : chain;
      const rows = await query(listing(column), [value, month, atMs, chain, number, limit]);
      return rows instanceof Broken ? rows : rows.map(foundIn);
    },
    async access(chain, number) {
      const rows = await query(FINDING, [monthOfChain(chain), chain, number]);
      return rows instanceof Broken ? rows : (rows.map(foundIn)[0] ?? null);
    },
    async contestations(accessIds) {
      const places = accessIds.map((_, i) => `$${i + 1}`).join(', ');
      const rows = await query(
        `SELECT text FROM journal_lines WHERE contested IN (${places}) ORDER BY at_ms`,
        accessIds,
      );
      return rows instanceof Broken ? rows : rows.map(({ text }) => String(text));
    },
    close,
  };
}

function foundIn({ chain, number, at_ms, text, opening }: Row): FoundAccess {
  return {
    chain: String(chain),
    number: Number(number),
    atMs: Number(at_ms),
    text: String(text),
    opening: String(opening),
  };
}

const ACCESSES = `
  SELECT line.chain, line.number, line.at_ms, line.text, opening.text AS opening
  FROM journal_lines line
  JOIN journal_lines opening ON opening.month = line.month AND opening.chain = line.chain AND opening.number = 1
  WHERE line.nature = 'acces'`;

function listing(column: string): string {
  return `${ACCESSES} AND line.${column} = $1
    AND (line.month, line.at_ms, line.chain, line.number) < ($2, $3, $4, $5)
    ORDER BY line.month DESC, line.at_ms DESC, line.chain DESC, line.number DESC LIMIT $6`;
}

const FINDING = `${ACCESSES} AND line.month = $1 AND line.chain = $2 AND line.number = $3`;
