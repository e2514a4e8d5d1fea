import { z } from 'zod';
import { pieceSchema } from '../dossier/piece.ts';
import { sectionsSchema } from '../dossier/unified.ts';
import { USAGES } from '../dossier/usage.ts';
import { catalog } from '../sources/catalog.ts';

/** What the request itself says, which a form asks for as well. */
export const demandeSchema = z.object({
  objet: z.string(),
  destinataire: z.string(),
  destinataire_nom: z.string().nullable(),
  contexte: z.string(),
  usage: z.enum(USAGES),
  etape: z.string().nullable(),
  nature: z.string().nullable(),
  date: z.iso.date().nullable(),
});
export type Demande = z.infer<typeof demandeSchema>;

/** What pointers lead into: the data of a dossier, without what is drawn from them, and the request. */
const model = z.object({
  siret: z.string(),
  siren: z.string(),
  ...sectionsSchema.shape,
  pieces: z.object(Object.fromEntries(catalog.map(({ id, schemas }) => [id, pieceSchema(schemas.donnees)]))),
  demande: demandeSchema,
});

/** Whether a dossier can have such a value: one that no dossier has is a mistake of whoever wrote the pointer. */
export function isInModel(segments: readonly string[]): boolean {
  let schema: unknown = model;
  for (const segment of segments) {
    const inner = bare(schema);
    if (inner instanceof z.ZodObject && Object.hasOwn(inner.shape, segment)) schema = inner.shape[segment];
    else if (inner instanceof z.ZodArray && /^\d{1,6}$/.test(segment)) schema = inner.element;
    else return false;
  }
  return segments.length > 0;
}

function bare(schema: unknown): unknown {
  return schema instanceof z.ZodNullable || schema instanceof z.ZodOptional ? bare(schema.unwrap()) : schema;
}
