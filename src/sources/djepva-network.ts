import { z } from 'zod';
import { identifierOrNull, list, text } from './wire-values.ts';

const organisation = z.object({ nom: text, rna: text, siret: identifierOrNull(14) });

/** Who an association is a member of, or has as members. Their telephones and addresses are not read. */
export const organisationsWire = list(organisation);

const texte = z.string().nullable();

export const organisationsSchema = z
  .array(z.object({ denomination: z.string(), numero_rna: texte, siret: texte }))
  .nullable();

/** Those that have a name; null for none: a directory to which nothing was said does not say that there is none. */
export function organisationsOf(
  wire: z.output<typeof organisationsWire>,
): z.infer<typeof organisationsSchema> {
  const named = (wire ?? []).flatMap(({ nom, rna, siret }) =>
    nom === null ? [] : [{ denomination: nom, numero_rna: rna, siret }],
  );
  return named.length === 0 ? null : named;
}
