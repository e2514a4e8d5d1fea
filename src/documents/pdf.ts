/** How a PDF begins (ISO 32000-2, 7.5.2), here at the very first byte: a page or a program may hold one further on. */
const HEADER = /^%PDF-[12]\.\d[\r\n]/;
/** Its last lines: where its table of objects begins, then its end. What a producer adds after is blank. */
const TRAILER = /startxref\s+(\d{1,10})\s+%%EOF\s*$/;
/** What stands where the last lines point: a table, or an object that holds one. */
const TABLE = /^\s*(xref\b|\d{1,10}\s+\d{1,5}\s+obj\b)/;
const HEADER_BYTES = 16;
const TRAILER_BYTES = 1024;
const TABLE_BYTES = 64;

/**
 * Whether bytes are a whole PDF, as far as its frame tells: one that was cut off has no end, one whose middle is
 * missing has its table elsewhere. Nothing in it is unfolded, followed or run.
 */
export function isWholePdf(bytes: Buffer): boolean {
  if (!HEADER.test(textIn(bytes, 0, HEADER_BYTES))) return false;
  const trailer = TRAILER.exec(textIn(bytes, Math.max(0, bytes.length - TRAILER_BYTES)));
  const at = Number(trailer?.[1] ?? bytes.length);
  return TABLE.test(textIn(bytes, at, at + TABLE_BYTES));
}

function textIn(bytes: Buffer, from: number, to = bytes.length): string {
  return bytes.toString('latin1', from, to);
}
