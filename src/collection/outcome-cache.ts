import { z } from 'zod';
import { factSchema } from '../dossier/outcome.ts';

/** A statement of a source, with the instant (epoch milliseconds) until which it is fresh. */
export const keptSchema = z.object({ fact: factSchema, freshUntilMs: z.number() });
export type Kept = z.infer<typeof keptSchema>;

/**
 * Where statements are kept. A storage that is gone is a miss, never an error: neither method rejects.
 * What is past `freshUntilMs` may still be given back; the asker judges.
 */
export interface OutcomeCache {
  read(key: string): Promise<Kept | null>;
  write(key: string, kept: Kept): Promise<void>;
}
