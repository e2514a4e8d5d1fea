import { readFileSync } from 'node:fs';
import type { Usage } from '../dossier/usage.ts';
import type { JsonObject } from './json-schema.ts';

/** A form that is ready to use: its sections and fields, and where in the dossier each value is. */
export interface ReadyForm {
  id: string;
  titre: string;
  description: string;
  /** Whom it is for: the usages that it makes sense for. */
  usages: readonly Usage[];
  schema: JsonObject;
}

const USAGES_BY_FORM: Readonly<Record<string, readonly Usage[]>> = {
  dc1: ['marche_public'],
  dc2: ['marche_public'],
  dc4: ['marche_public'],
  'cerfa-12156': ['subvention_association'],
  'aide-entreprise': ['aide_publique'],
};

/** One schema file each, in `schemas/`. */
export const forms: readonly ReadyForm[] = Object.entries(USAGES_BY_FORM).map(([id, usages]) => {
  const file = new URL(`schemas/${id}.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
  return { id, titre: String(schema.title), description: String(schema.description), usages, schema };
});

export function formOf(id: string): ReadyForm | undefined {
  return forms.find((form) => form.id === id);
}
