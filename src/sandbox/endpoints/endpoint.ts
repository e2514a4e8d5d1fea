import type { Bucket } from '../rate-limits.ts';
import type { CacheLife } from '../response-cache.ts';

/** What the endpoints of one provider share. */
interface Family {
  /** First two characters of the error codes. */
  prefix: string;
  /** `meta.provider` of the errors. */
  provider: string;
  bucket?: Bucket;
  cache?: CacheLife;
  /** Seconds a document can be downloaded: 24 h unless said. */
  documentLifeSeconds?: number;
}

/** One resource of API Entreprise, as its public catalogue describes it. */
export interface Endpoint extends Required<Family> {
  id: string;
  /** Versions served: another one in the path answers 404 `00402`. */
  versions: readonly number[];
  /** What follows `/v3` or `/v4`, with the parameters in braces. */
  path: string;
  /** Holding any one is enough; none is needed when empty. */
  scopes: readonly string[];
}

/** Versions, path, scopes. */
type Row = [versions: number[], path: string, scopes: string[]];

/** Endpoints of one provider, by id: each has what they share, and its own row. */
export function family(shared: Family, rows: Record<string, Row>): Endpoint[] {
  const defaults = { bucket: 'json', cache: 'none', documentLifeSeconds: 86_400 } as const;
  return Object.entries(rows).map(([id, [versions, path, scopes]]) => {
    return { ...defaults, ...shared, id, versions, path, scopes };
  });
}
