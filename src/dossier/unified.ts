import { z } from 'zod';
import { certificationsSchema } from './certifications.ts';
import { fiscalSchema } from './fiscal.ts';
import { identiteSchema } from './identite.ts';
import { socialSchema } from './social.ts';

/** The sections in which the values of all sources are brought together. */
export const sectionsSchema = z.object({
  identite: identiteSchema,
  fiscal: fiscalSchema,
  social: socialSchema,
  certifications: certificationsSchema,
});
export type Sections = z.infer<typeof sectionsSchema>;
export type SectionName = keyof Sections;

/** What one source contributes: the first source of the catalogue that knows a value gives it. */
export type Unified = { [S in SectionName]?: Partial<Sections[S]> };

const SECTIONS = Object.entries(sectionsSchema.shape).map(([name, schema]) => ({
  name: name as SectionName,
  keys: Object.keys(schema.shape),
}));

/** Every unified value unknown. */
export function emptySections(): Sections {
  return Object.fromEntries(
    SECTIONS.map(({ name, keys }) => [name, Object.fromEntries(keys.map((key) => [key, null]))]),
  ) as unknown as Sections;
}
