import { z } from 'zod';
import { isChainName } from './chain-name.ts';
import { restOf } from './entry.ts';
import { numbered } from './line.ts';
import type { CheckSignature, Signer } from './signing.ts';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const chainSchema = z.string().refine(isChainName);

/** How far another chain went, as it was seen: what is cut off it afterwards is missed. */
const headSchema = z.object({ chaine: chainSchema, n: z.int(), empreinte: hashSchema });
export type Head = z.infer<typeof headSchema>;

export function isHead(head: unknown): head is Head {
  return headSchema.safeParse(head).success;
}

const signed = { cle: z.string(), signature: z.string() };

/** The first line of a chain. */
export const openingSchema = z.object({
  n: z.int(),
  nature: z.literal('ouverture'),
  le: z.iso.datetime(),
  chaine: chainSchema,
  /** What the pieces of its lines stand for: see pieces.ts. */
  sources: z.array(z.string()),
  vues: z.array(headSchema),
  ...signed,
});
export type OpeningLine = z.infer<typeof openingSchema>;

/** Every minute, and at the end of a chain (`fermeture`): signs the lines since the last seal. */
export const checkpointSchema = z.object({
  n: z.int(),
  nature: z.enum(['controle', 'fermeture']),
  le: z.iso.datetime(),
  chaine: chainSchema,
  /** Hash of the line before. */
  avant: hashSchema,
  /** Number of the first line that it covers; the last is the one before it. */
  depuis: z.int(),
  /** Of these lines: see merkle.ts. */
  racine: hashSchema,
  vues: z.array(headSchema),
  ...signed,
});
export type CheckpointLine = z.infer<typeof checkpointSchema>;

type Unsigned<T extends { n: number }> = Omit<T, 'n' | 'cle' | 'signature'>;

/** The text of a seal, whose last member signs all that stands before it. */
export function sealText(
  number: number,
  seal: Unsigned<OpeningLine> | Unsigned<CheckpointLine>,
  signer: Signer,
): string {
  const text = numbered(number, restOf({ ...seal, cle: signer.key }));
  return `${text.slice(0, -1)}${SIGNATURE}${signer.sign(text)}"}`;
}

const SIGNATURE = ',"signature":"';

/** Whether the seal says what was signed, by a key that is trusted. */
export function isSigned(
  text: string,
  { cle, signature }: { cle: string; signature: string },
  check: CheckSignature,
): boolean {
  const end = text.lastIndexOf(SIGNATURE);
  return (
    text === `${text.slice(0, end)}${SIGNATURE}${signature}"}` &&
    check(cle, `${text.slice(0, end)}}`, signature)
  );
}
