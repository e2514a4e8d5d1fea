import { hash } from 'node:crypto';

/** A line as it is stored: the JSON text whose bytes are hashed, and the hash that chains it to the one before. */
export interface Line {
  /** Of its chain: 1, 2, 3… */
  number: number;
  text: string;
  /** 64 hexadecimal digits. */
  hash: string;
}

/**
 * SHA-256 over the hash of the line before (of the first line: the name of the chain), a line feed, and the text.
 * As text, so that anybody can do the same sum: `printf '%s\n%s' "$before" "$text" | sha256sum`.
 */
export function hashOf(before: string, text: string): string {
  return hash('sha256', `${before}\n${text}`, 'hex');
}

/** @param rest of the line: its members but the number, and the closing brace */
export function numbered(number: number, rest: string): string {
  return `{"n":${number},${rest}`;
}

/** Null for what is no line. */
export function numberIn(text: string): number | null {
  const [, number] = /^\{"n":(\d{1,15}),/.exec(text) ?? [];
  return number ? Number(number) : null;
}
