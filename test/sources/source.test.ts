import t from 'tap';
import { z } from 'zod';
import { catalog } from '../../src/sources/catalog.ts';

t.test('no answer is read by the slow way for want of a schema that can be compiled', async (t) => {
  for (const { id, schemas } of catalog) {
    t.doesNotThrow(() => z.compile(schemas.wire, { strict: true }), id);
  }
});

t.test('the schema of an answer is compiled once', async (t) => {
  for (const { id, schemas } of catalog) t.equal(schemas.wire, schemas.wire, id);
});
