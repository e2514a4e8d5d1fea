import t from 'tap';
import type { Siren } from '../../src/dossier/siret.ts';
import { attachment, fileNameOf } from '../../src/routes/document-file.ts';
import { catalog } from '../../src/sources/catalog.ts';

const SIREN = '552032534' as Siren;

t.test('every document has a name of its own, which any computer takes', async (t) => {
  const names = catalog
    .filter(({ document }) => document !== null)
    .map((source) => fileNameOf(source, SIREN));
  t.equal(new Set(names).size, names.length);
  t.ok(names.length >= 9);
  for (const name of names) {
    t.match(name, / - 552032534\.pdf$/);
    t.notMatch(name, /[\\/:*?"<>|\p{Cc}]/u, name);
  }
});

t.test('a name is given in plain letters, and as it is written', async (t) => {
  t.equal(
    attachment('Été (copie) d’août.pdf'),
    `attachment; filename="Ete (copie) d-aout.pdf"; filename*=UTF-8''%C3%89t%C3%A9%20%28copie%29%20d%E2%80%99ao%C3%BBt.pdf`,
  );
});
