import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  name: string;
  /** Epoch milliseconds. */
  atMs: number;
  /** Called when its turn comes: one is in memory at a time. */
  read(): Promise<Buffer>;
  isCompressed: boolean;
}

/** An archive as it is written: the same entries always give the same bytes. */
export function zipOf(entries: readonly ZipEntry[]): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  for (const { name, atMs, read, isCompressed } of entries) {
    zip.addReadStreamLazy(name, { mtime: new Date(atMs), compress: isCompressed }, (callback) => {
      read().then(
        (bytes) => callback(null, Readable.from([bytes])),
        (error) => callback(error, Readable.from([])),
      );
    });
  }
  zip.end();
  return output;
}
