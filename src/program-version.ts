import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';

/** What decides how pieces are read, assembled and written. */
const MEANING = '{dossier,keeping,routes,sources,usages}/**/*.ts';

/** Differs whenever another program might make other bytes of the same pieces: processes share only what agrees. */
export function programVersion(): string {
  const cwd = new URL('./', import.meta.url);
  const digest = createHash('sha256');
  for (const file of globSync(MEANING, { cwd: cwd.pathname }).sort())
    digest.update(readFileSync(new URL(file, cwd)));
  return digest.digest('base64url').slice(0, 12);
}
