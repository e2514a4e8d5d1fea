import { z } from 'zod';
import { DOCUMENT } from '../../../src/sandbox/answer.ts';

export const text = z.string();
export const textOrNull = z.string().nullable();
export const integerOrNull = z.int().nullable();
export const day = z.iso.date();
export const dayOrNull = day.nullable();
/** A day as Infogreffe writes it: empty when missing. */
export const dayOrEmpty = z.union([day, z.literal('')]);
export const year = z.string().regex(/^\d{4}$/);
export const siren = z.string().regex(/^\d{9}$/);
export const siret = z.string().regex(/^\d{14}$/);
/** The link of a PDF before the server mints it. */
export const documentLink = z.literal(DOCUMENT);
export const codeAndLabel = z.strictObject({ code: textOrNull, libelle: textOrNull });

const nothing = z.strictObject({});

export function single(data: z.ZodType, meta: z.ZodType = nothing, links: z.ZodType = nothing) {
  return z.strictObject({ data, links, meta });
}

export function collection(item: z.ZodType, meta: z.ZodType = nothing, itemMeta: z.ZodType = nothing) {
  return z.strictObject({ data: z.array(single(item, itemMeta)), links: nothing, meta });
}

export const errors = z.strictObject({
  errors: z
    .array(
      z.strictObject({
        code: z.string().length(5),
        title: text,
        detail: text,
        source: z.union([z.strictObject({ parameter: text }), z.strictObject({ header: text })]).optional(),
        meta: z.strictObject({
          provider: text,
          retry_in: z.int().optional(),
          provider_error: z.strictObject({ code: text, message: text }).optional(),
          provider_errors: z.array(z.strictObject({ code: text, message: text })).optional(),
        }),
      }),
    )
    .min(1),
});
