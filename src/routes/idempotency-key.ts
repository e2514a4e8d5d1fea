import { createHash } from 'node:crypto';
import { Problem } from '../problems.ts';

const DETAIL =
  'La clé est un texte de 1 à 255 caractères ASCII, entre guillemets comme "8e03978e-40d5-43dd-bc93-6894a57f9324", propre à chaque dépôt.';

/**
 * The `Idempotency-Key` of draft-ietf-httpapi-idempotency-key-header: a string of RFC 8941, or bare as many send it.
 *
 * @returns null when none is given
 * @throws Problem for one that cannot be used
 */
export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const text = [header].flat().join(',').trim();
  const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/.exec(text)?.[1];
  const key = quoted ?? /^[\w.:~+/=-]{1,255}$/.exec(text)?.[0];
  if (key) return key;
  throw new Problem('parametres-invalides', {
    detail: 'À corriger : Idempotency-Key.',
    errors: [{ parameter: 'Idempotency-Key', detail: DETAIL }],
  });
}

/** What a repeated request is compared with. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
