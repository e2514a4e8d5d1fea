import t from 'tap';
import { isWholePdf } from '../../src/documents/pdf.ts';
import { pdfOf } from '../../src/sandbox/document-pdf.ts';
import { pdfSaying } from '../helpers/archives.ts';

const real = await pdfOf({ title: 'Attestation', company: 'Une entreprise', lines: ['Une ligne'] }, 0);

t.test('a PDF that is all there is one, with or without blanks after its end', async (t) => {
  t.ok(isWholePdf(real));
  t.ok(isWholePdf(pdfSaying('bonjour')));
  t.ok(isWholePdf(Buffer.concat([real, Buffer.from('\r\n\n')])));
});

t.test('a PDF whose table of objects is itself an object is one', async (t) => {
  const head = '%PDF-1.5\n';
  t.ok(
    isWholePdf(Buffer.from(`${head}7 0 obj\n<< /Type /XRef >>\nendobj\nstartxref\n${head.length}\n%%EOF`)),
  );
});

t.test('a PDF that was cut off anywhere is none', async (t) => {
  for (let length = 0; length < real.length - 7; length += 13) t.notOk(isWholePdf(real.subarray(0, length)));
});

t.test('a PDF of which a part is missing, so that its table is elsewhere, is none', async (t) => {
  t.notOk(isWholePdf(Buffer.concat([real.subarray(0, 200), real.subarray(300)])));
});

t.test('a page, a program, a picture or a PDF behind one of them is none', async (t) => {
  const disguises = ['<!doctype html><script>', '\x7fELF', 'MZ', '\x89PNG\r\n', 'PK\x03\x04', '\n'];
  for (const disguise of disguises) {
    t.notOk(isWholePdf(Buffer.from(disguise, 'latin1')));
    t.notOk(isWholePdf(Buffer.concat([Buffer.from(disguise, 'latin1'), real])), disguise);
  }
  t.notOk(isWholePdf(Buffer.alloc(0)));
});

t.test('a PDF with something after its end is none', async (t) => {
  t.notOk(isWholePdf(Buffer.concat([real, Buffer.from('<script>')])));
});

t.test('a table that would be beyond the end is none', async (t) => {
  t.notOk(isWholePdf(Buffer.from('%PDF-1.7\nstartxref\n9999999999\n%%EOF')));
});
