import PDFDocument from 'pdfkit';
import type { DocumentContent } from './documents.ts';

/** One A4 page or more, in a font every reader has; says in full that it proves nothing. */
export async function pdfOf(
  { title, company, lines }: DocumentContent,
  createdAtMs: number,
): Promise<Buffer> {
  // Compressed, the same page is other bytes on another processor.
  const pdf = new PDFDocument({ size: 'A4', margin: 56, compress: false, info: infoOf(title, createdAtMs) });
  pdf.fontSize(18).text(title).moveDown();
  pdf.fontSize(13).text(company).moveDown();
  pdf.fontSize(11);
  for (const line of lines) pdf.text(line).moveDown(0.3);
  pdf.moveDown(2).fontSize(9).fillColor('#666');
  pdf.text('Document fictif, produit par un bac à sable : il ne vaut pas attestation.');
  pdf.end();
  const chunks: Buffer[] = [];
  for await (const chunk of pdf) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function infoOf(title: string, createdAtMs: number) {
  return { Title: title, Producer: 'Bac à sable', CreationDate: new Date(createdAtMs) };
}
