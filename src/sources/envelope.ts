import { z } from 'zod';

/** API Entreprise's envelope around one resource. `meta` may be absent in old answers. */
export function single<D extends z.ZodType>(data: D) {
  return z.object({ data });
}

/** The same with the `meta` that a source gives beside its data. */
export function singleWithMeta<D extends z.ZodType, M extends z.ZodType>(data: D, meta: M) {
  return z.object({ data, meta });
}

/** API Entreprise's collection: each item is enveloped again. Gives the bare items. */
export function collection<D extends z.ZodType>(item: D) {
  return z
    .object({ data: z.array(z.object({ data: item })) })
    .transform((answer) => ({ data: (answer.data as { data: z.output<D> }[]).map(({ data }) => data) }));
}
