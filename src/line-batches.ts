/** Where bytes go in the end. */
export interface Sink {
  /** Of bytes only; the types of pino's own, opened for bytes, speak of text. */
  write(bytes: Buffer | string): unknown;
  flushSync(): void;
}

export interface LineBatches {
  write(line: string): void;
  /** Writes what is left, before it returns. */
  close(): void;
}

const BATCH_BYTES = 64 * 1024;
/** UTF-8 has as many at most for each unit of a string. */
const BYTES_A_UNIT = 3;
const FLUSH_MS = 250;

/**
 * Gathers lines and writes them together: each write of its own costs more than the line. Each becomes bytes at once: a text of
 * many lines is a list of thousands of pieces, which V8 holds, moves and joins at several times that cost.
 */
export function createLineBatches(sink: Sink): LineBatches {
  let batch = Buffer.allocUnsafe(BATCH_BYTES);
  let bytes = 0;

  function flush(): void {
    if (bytes === 0) return;
    sink.write(batch.subarray(0, bytes));
    // The sink may still hold the one before.
    batch = Buffer.allocUnsafe(BATCH_BYTES);
    bytes = 0;
  }

  const timer = setInterval(flush, FLUSH_MS).unref();
  return {
    write(line) {
      if (line.length * BYTES_A_UNIT > batch.length - bytes) flush();
      if (line.length * BYTES_A_UNIT > batch.length) sink.write(Buffer.from(line));
      else bytes += batch.write(line, bytes);
    },
    close() {
      clearInterval(timer);
      flush();
      sink.flushSync();
    },
  };
}
