import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 32;

/**
 * A secret of 32 bytes, where the configuration gives none: drawn once, kept in the data folder for this user only.
 * Several processes may start at once: one of them draws it.
 *
 * @param name of the file
 * @throws when the folder cannot be used, or the file is not one of ours
 */
export function secretIn(dataDir: string, name: string): Buffer {
  const path = join(dataDir, name);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const drawn = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  writeFileSync(drawn, `${randomBytes(SECRET_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(drawn, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(drawn);
  }
  const secret = Buffer.from(readFileSync(path, 'utf8'), 'base64');
  if (secret.length !== SECRET_BYTES) throw new Error(`${path} is not a key of ours`);
  return secret;
}
