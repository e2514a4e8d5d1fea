import type { Origin } from './dossier-reading.ts';
import { pointerTo } from './json-pointer.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Path } from './layers.ts';
import { type Unfilled, unfilled } from './unfilled.ts';

export interface FilledField extends Origin {
  /** JSON pointer into the form. */
  champ: string;
  /** JSON pointer into the dossier. */
  dossier: string;
}

export interface UnfilledField extends Unfilled {
  champ: string;
  dossier: string;
}

/** What came of a part of a form. */
export interface Part {
  /** Undefined when nothing of it is known. */
  value: unknown;
  /** Null when nothing of it is left to ask. */
  rest: JsonSchema | null;
  filled: FilledField[];
  unfilled: UnfilledField[];
}

export interface Place {
  /** In the form. */
  champ: readonly string[];
  /** In the dossier: from where pointers inside are read. */
  base: readonly string[];
  path: Path;
}

export const OTHER_TYPE =
  "La valeur du dossier n'est pas du type que ce champ attend : elle ne peut s'y écrire sans être changée.";
export const UNVERIFIABLE =
  "Une contrainte du schéma n'est pas évaluée (motif trop long, ou propre à un moteur d'expressions, élément d'une liste) : la valeur n'est pas reprise.";

export function broken(keyword: string): Unfilled {
  return unfilled(
    'contrainte_non_respectee',
    `La valeur du dossier ne respecte pas « ${keyword} » du schéma : elle n'est ni tronquée, ni changée.`,
  );
}

export function nothing(schema: JsonSchema): Part {
  return { value: undefined, rest: schema, filled: [], unfilled: [] };
}

export function left(schema: JsonSchema, { champ, base }: Place, reason: Unfilled): Part {
  const { raison, explication, source, nouvel_essai_le } = reason;
  const field = {
    champ: pointerTo(champ),
    dossier: pointerTo(base),
    raison,
    explication,
    source,
    nouvel_essai_le,
  };
  return { ...nothing(schema), unfilled: [field] };
}

/** Each value fits its own property, and all together they break a rule of the form. */
export function contradicted(
  schema: JsonSchema,
  { filled, unfilled }: Pick<Part, 'filled' | 'unfilled'>,
): Part {
  const reason = broken("l'ensemble des conditions");
  return {
    ...nothing(schema),
    unfilled: [...unfilled, ...filled.map(({ champ, dossier }) => ({ champ, dossier, ...reason }))],
  };
}

export function reportsOf(parts: readonly Part[]): Pick<Part, 'filled' | 'unfilled'> {
  return { filled: parts.flatMap((part) => part.filled), unfilled: parts.flatMap((part) => part.unfilled) };
}
