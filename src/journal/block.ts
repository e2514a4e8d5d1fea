import { hash } from 'node:crypto';
import { type Line, numbered } from './line.ts';

/** Of a chain: number and hash of its last line. */
export interface Tip {
  number: number;
  /** 64 hexadecimal digits. Of a chain without a line: its number 0, and its name. */
  hash: string;
}

/** Lines that follow each other in a chain, written together. */
export interface Block {
  /** As a file holds them: the text of each, a tab, its hash, a line feed. */
  bytes: Buffer;
  /** Of each line. */
  hashes: readonly string[];
  tip: Tip;
  lines(): Line[];
}

const HASH_DIGITS = 64;
/** Around the rest of a line: its number and what goes with it, a tab, its hash, a line feed. */
const AROUND_BYTES = 100;
/** UTF-8 has as many at most for each unit of a string. */
const BYTES_A_UNIT = 3;

/**
 * Lines on from a tip. What is hashed of each (see `hashOf`) is what stands before its tab since the hash of the
 * line before: it is hashed where it stands, and nothing is copied for it.
 *
 * @param rests of the lines: see `numbered`
 */
export function blockAfter(tip: Tip, rests: readonly string[]): Block {
  const units = rests.reduce((sum, { length }) => sum + length, 0);
  const bytes = Buffer.allocUnsafe(tip.hash.length + 1 + units * BYTES_A_UNIT + rests.length * AROUND_BYTES);
  let at = bytes.write(`${tip.hash}\n`, 0, 'latin1');
  const beginning = at;
  let before = 0;
  let { number } = tip;
  const hashes: string[] = [];
  for (const rest of rests) {
    at += bytes.write(numbered(++number, ''), at, 'latin1');
    at += bytes.write(rest, at);
    const digits = hash('sha256', bytes.subarray(before, at), 'hex');
    hashes.push(digits);
    before = at + 1;
    at += bytes.write(`\t${digits}\n`, at, 'latin1');
  }
  const written = bytes.subarray(beginning, at);
  return {
    bytes: written,
    hashes,
    tip: { number, hash: hashes.at(-1) ?? tip.hash },
    lines: () => linesIn(written, hashes, tip.number),
  };
}

function linesIn(bytes: Buffer, hashes: readonly string[], after: number): Line[] {
  const stored = bytes.toString().split('\n', hashes.length);
  return stored.map((text, i) => ({
    number: after + 1 + i,
    text: text.slice(0, -1 - HASH_DIGITS),
    hash: hashes[i] as string,
  }));
}
