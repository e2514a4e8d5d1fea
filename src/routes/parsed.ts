import type { z } from 'zod';
import { Problem } from '../problems.ts';

/** @throws Problem that names what is wrong */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, where: 'parameter' | 'pointer'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(pathsOf).map(({ path, message }) => {
    const name = path.join(where === 'pointer' ? '/' : '.');
    return where === 'pointer'
      ? { pointer: `/${name}`, detail: message }
      : { parameter: name, detail: message };
  });
  throw new Problem('parametres-invalides', { detail: 'Corrigez ce que « errors » nomme.', errors });
}

/** A name that is not documented is told as its own place, not as that of the object that has it. */
export function pathsOf(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, 'path' | 'message'>[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: "Ce nom n'est pas documenté." }));
}
