import { DatabaseError, Pool, types } from 'pg';
import { Broken, brokenOrThrow, type Database, type Query, type Row } from './database.ts';

export interface PostgresOptions {
  url: string;
  /** Told of each connection that breaks while nobody uses it. */
  onLost(error: Error): void;
  /** At once. */
  connections?: number;
}

const CONNECTIONS = 8;
/** Within it the server ends a statement by itself. */
const STATEMENT_MS = 5_000;
/** A server that hangs is hung up on, a little later. In the words of `pg`. */
export const POSTGRES_PATIENCE = { connectionTimeoutMillis: 2_000, query_timeout: 6_000, keepAlive: true };
const BIGINT_OID = 20;

/**
 * Opens a pool of connections to Postgres, the first when it is needed. It reconnects by itself; while the
 * server is away whatever is asked is broken.
 */
export function openPostgres({ url, onLost, connections = CONNECTIONS }: PostgresOptions): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    ...POSTGRES_PATIENCE,
    statement_timeout: STATEMENT_MS,
    lock_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    application_name: 'dites-le-nous-une-fois',
    types: { getTypeParser: parserOf },
  });
  pool.on('error', onLost);

  async function transact<T>(query: Query, work: (query: Query) => Promise<T>): Promise<T> {
    await query('BEGIN');
    const result = await work(query);
    await query('COMMIT');
    return result;
  }

  async function withClient<T>(use: (query: Query) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch(throwBroken);
    const ignore = () => {};
    // A connection that breaks under a statement tells it twice: by the statement, and by this event.
    client.on('error', ignore);
    let failure: Error | undefined;
    try {
      return await use(async (sql, values = []) => {
        const { rows } = await client.query<Row>(sql, [...values]).catch(throwBroken);
        return rows;
      });
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.removeListener('error', ignore);
      // Closed rather than used again: what it was in the middle of is undone by the server.
      client.release(failure);
    }
  }

  return {
    dialect: 'postgres',
    query: (sql, values) => withClient((query) => query(sql, values)).catch(brokenOrThrow),
    transaction: (work) => withClient((query) => transact(query, work)).catch(brokenOrThrow),
    close: () => pool.end(),
  };
}

/** Counts and instants in milliseconds: far below what a number holds exactly. */
function parserOf(oid: number, format?: string) {
  return oid === BIGINT_OID ? Number : types.getTypeParser(oid, format as 'text');
}

/**
 * Classes of SQLSTATE that tell that we are wrong: data (22), constraint (23), state (25), syntax or access (42).
 * Within them, a server that only reads (25006) and a transaction left idle (25P03) tell of the server.
 */
const BUGS = /^(22|23|25|42)/;
const OF_SERVER = ['25006', '25P03'];

/** @throws Broken, or the error itself when it is a bug */
function throwBroken(error: Error & { code?: string }): never {
  const code = error instanceof DatabaseError ? (error.code ?? '') : '';
  const isBug = error instanceof TypeError || (BUGS.test(code) && !OF_SERVER.includes(code));
  throw isBug ? error : new Broken(error.message);
}
