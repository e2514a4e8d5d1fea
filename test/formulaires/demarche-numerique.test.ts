import t from 'tap';
import { type Champ, keyOf, prefillBodyOf } from '../../src/formulaires/demarche-numerique.ts';
import type { DossierReading } from '../../src/formulaires/dossier-reading.ts';
import { valueAt } from '../../src/formulaires/json-pointer.ts';
import { unfilled } from '../../src/formulaires/unfilled.ts';

const KNOWN = { nom: 'ATELIER', effectif: 34.25, actif: true, jour: '2015-05-18', tailles: ['PME'] };
const reading: DossierReading = {
  read(segments) {
    const value = valueAt(KNOWN, segments) ?? null;
    return value === null ? { unfilled: unfilled('inconnu', 'Inconnu.') } : { value };
  },
  originOf: () => ({}) as never,
};

function bodyOf(champs: Champ[]) {
  const body = prefillBodyOf(champs, reading);
  if (Array.isArray(body)) throw new Error(JSON.stringify(body));
  return { corps: body.corps, ecartes: body.unfilled.map(({ champ, raison }) => [champ, raison]) };
}

t.test('a key is the identifier of the field, without the signs that pad it', async (t) => {
  t.equal(keyOf(22), 'champ_Q2hhbXAtMjI');
  t.equal(keyOf('Q2hhbXAtMjI='), 'champ_Q2hhbXAtMjI');
});

t.test('values are sent flat, as texts or lists of texts', async (t) => {
  const { corps, ecartes } = bodyOf([
    { id: 1, type: 'TextChampDescriptor', dossier: '/nom' },
    { id: 2, type: 'decimal_number', dossier: '/effectif' },
    { id: 3, type: 'yes_no', dossier: '/actif' },
    { id: 4, type: 'DateChampDescriptor', dossier: '/jour' },
    { id: 5, type: 'multiple_drop_down_list', options: ['PME', 'ETI'], dossier: '/tailles' },
  ]);
  t.strictSame(corps, {
    [keyOf(1)]: 'ATELIER',
    [keyOf(2)]: '34.25',
    [keyOf(3)]: 'true',
    [keyOf(4)]: '2015-05-18',
    [keyOf(5)]: ['PME'],
  });
  t.strictSame(ecartes, []);
});

t.test('what the service would drop without a word is not sent, and told', async (t) => {
  const { corps, ecartes } = bodyOf([
    { id: 1, type: 'piece_justificative', dossier: '/nom' },
    { id: 2, type: 'integer_number', dossier: '/effectif' },
    { id: 3, type: 'drop_down_list', options: ['AUTRE'], dossier: '/nom' },
    { id: 4, type: 'datetime', dossier: '/jour' },
    { id: 5, type: 'email', dossier: '/nom' },
    { id: 6, type: 'constructor', dossier: '/nom' },
    { id: 7, type: 'text', dossier: '/ville' },
    { id: 8, type: 'multiple_drop_down_list', options: ['ETI'], dossier: '/tailles' },
  ]);
  t.strictSame(corps, {});
  t.strictSame(ecartes.sort(), [
    [`/${keyOf(1)}`, 'type_refuse_par_le_service'],
    [`/${keyOf(2)}`, 'type_incompatible'],
    [`/${keyOf(3)}`, 'contrainte_non_respectee'],
    [`/${keyOf(4)}`, 'contrainte_non_respectee'],
    [`/${keyOf(5)}`, 'contrainte_non_respectee'],
    [`/${keyOf(6)}`, 'type_refuse_par_le_service'],
    [`/${keyOf(7)}`, 'inconnu'],
    [`/${keyOf(8)}`, 'contrainte_non_respectee'],
  ]);
});
