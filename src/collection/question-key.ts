import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PieceKey } from '../keeping/shelves.ts';
import type { Source, Subject } from '../sources/source.ts';

/** The same question at the same source; a change of the shape of its data is another question. */
export function keyOf(source: Source, subject: Subject): PieceKey {
  return { siren: subject.siren, field: `${source.id} ${shapeOf(source)} ${source.paths(subject)[0]}` };
}

const shapes = new WeakMap<Source, string>();

function shapeOf(source: Source): string {
  const known = shapes.get(source);
  if (known) return known;
  const schema = JSON.stringify(z.toJSONSchema(source.schemas.donnees));
  const shape = createHash('sha256').update(schema).digest('base64url').slice(0, 8);
  shapes.set(source, shape);
  return shape;
}
