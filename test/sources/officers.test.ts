import t from 'tap';
import { actingOf } from '../../src/sources/officers.ts';

const functionsOf = (...names: (string | null)[]) =>
  actingOf(names.map((fonction) => ({ fonction })))?.map(({ fonction }) => fonction) ?? null;

t.test('whoever audits or merely owns a company does not act for it', async (t) => {
  t.strictSame(
    functionsOf('PRESIDENT', 'COMMISSAIRE AUX COMPTES TITULAIRE', 'Directeur général', 'Associé'),
    ['PRESIDENT', 'Directeur général'],
  );
  t.strictSame(functionsOf('Commissaire aux comptes suppléant'), null);
  t.strictSame(functionsOf('Associé indéfiniment et solidairement responsable'), null);
  t.strictSame(functionsOf(), null);
  t.equal(actingOf(null), null);
});

t.test('a partner who manages does, and so does one whose function is not told', async (t) => {
  t.strictSame(functionsOf('Associé-gérant', 'Gérant associé unique', null), [
    'Associé-gérant',
    'Gérant associé unique',
    null,
  ]);
});
