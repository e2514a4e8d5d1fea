import t from 'tap';
import { sectionsSchema } from '../../src/dossier/unified.ts';
import { GIVERS } from '../../src/formulaires/givers.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { rich } from '../end-to-end/genuine/rich.ts';
import { factFor, subjectOf } from '../helpers/answer.ts';

const about = { ...subjectOf(), today: '2026-11-23' };

t.test('each unified value is known to come from the sources that give it', async (t) => {
  const given = catalog.flatMap((source) => {
    const id = source.id.replace('_mere', '') as keyof typeof rich;
    const { donnees } = factFor(source, 200, rich[id](about), { ...about, mere: about.siren });
    return Object.entries(source.unify(donnees)).flatMap(([section, values]) =>
      Object.entries(values)
        .filter(([, value]) => value !== undefined)
        .map(([key]) => ({ pointer: `/${section}/${key}`, source: source.id })),
    );
  });
  const observed = Object.fromEntries(
    [...Map.groupBy(given, ({ pointer }) => pointer)].map(([pointer, all]) => [
      pointer,
      all.map(({ source }) => source),
    ]),
  );
  t.strictSame(GIVERS, observed);
  const all = Object.entries(sectionsSchema.shape).flatMap(([section, { shape }]) =>
    Object.keys(shape).map((key) => `/${section}/${key}`),
  );
  t.strictSame(Object.keys(GIVERS).sort(), all.sort());
});
