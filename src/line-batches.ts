/** Where text goes in the end. */
export interface Sink {
  write(text: string): unknown;
  flushSync(): void;
}

export interface LineBatches {
  write(line: string): void;
  /** Writes what is left, before it returns. */
  close(): void;
}

const BATCH_CHARS = 64 * 1024;
const FLUSH_MS = 250;

/** Gathers lines and writes them together: each write of its own costs more than the line. */
export function createLineBatches(sink: Sink): LineBatches {
  let batch = '';
  const flush = () => {
    if (batch === '') return;
    sink.write(batch);
    batch = '';
  };
  const timer = setInterval(flush, FLUSH_MS).unref();
  return {
    write(line) {
      batch += line;
      if (batch.length > BATCH_CHARS) flush();
    },
    close() {
      clearInterval(timer);
      flush();
      sink.flushSync();
    },
  };
}
