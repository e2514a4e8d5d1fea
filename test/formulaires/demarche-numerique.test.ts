import t from 'tap';
import { type Champ, keyNamed, keyOf } from '../../src/formulaires/champ.ts';
import { prefillBodyOf } from '../../src/formulaires/demarche-numerique.ts';
import type { DossierReading } from '../../src/formulaires/dossier-reading.ts';
import { valueAt } from '../../src/formulaires/json-pointer.ts';
import { unfilled } from '../../src/formulaires/unfilled.ts';

const KNOWN = { nom: 'ATELIER', effectif: 34.25, actif: true, jour: '2015-05-18', tailles: ['PME'] };
const readingOf = (known: object): DossierReading => ({
  read(segments) {
    const value = valueAt(known, segments) ?? null;
    return value === null ? { unfilled: unfilled('inconnu', 'Inconnu.') } : { value };
  },
  originOf: () => ({}) as never,
});

function bodyOf(champs: Champ[], known: object = KNOWN) {
  const body = prefillBodyOf(champs, readingOf(known));
  if (Array.isArray(body)) throw new Error(JSON.stringify(body));
  const { corps, filled, unlinked } = body;
  return { corps, filled, unlinked, ecartes: body.unfilled.map(({ champ, raison }) => [champ, raison]) };
}

t.test('a key is the identifier of the field, without the signs that pad it', async (t) => {
  t.equal(keyOf(22), 'champ_Q2hhbXAtMjI');
  t.equal(keyOf('Q2hhbXAtMjI='), 'champ_Q2hhbXAtMjI');
  for (const name of ['22', 'Q2hhbXAtMjI=', 'champ_Q2hhbXAtMjI']) t.equal(keyNamed(name), keyOf(22));
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

const ADRESSE = {
  lignes: ['ATELIER', '18 QUAI DE LA FOSSE', '44000 NANTES'],
  numero_voie: '18',
  voie: 'QUAI DE LA FOSSE',
  code_postal: '44000',
  commune: 'NANTES',
  code_commune: '44109',
};

t.test('of an address, each field about places is sent the code that the service reads', async (t) => {
  const champs = ['communes', 'departements', 'regions', 'pays', 'epci', 'address'].map((type, i) => ({
    id: i + 1,
    type,
    dossier: '/adresse',
  }));
  const sent = (adresse: object) => {
    const { corps } = bodyOf(champs, { adresse: { ...ADRESSE, ...adresse } });
    return champs.map(({ id }) => corps[keyOf(id)]);
  };
  t.strictSame(sent({}), [['44000', '44109'], '44', '52', 'FR', ['44'], '18 QUAI DE LA FOSSE 44000 NANTES']);
  t.strictSame(sent({ code_postal: '20000', code_commune: '2A004' }).slice(1, 4), ['2A', '94', 'FR']);
  t.strictSame(sent({ code_postal: '97400', code_commune: '97411' }).slice(1, 4), ['974', '04', 'FR']);
  t.strictSame(sent({ code_postal: '97500', code_commune: '97502' }).slice(1, 4), ['975', undefined, 'FR']);
  t.strictSame(
    sent({ code_postal: null, code_commune: '99132', voie: null }),
    [undefined, undefined, undefined, undefined, undefined, 'ATELIER, 18 QUAI DE LA FOSSE, 44000 NANTES'],
    'abroad',
  );
  t.strictSame(sent({ code_commune: null })[0], ['44000']);
});

t.test('an instant is sent as that of Paris, with its offset', async (t) => {
  const { corps } = bodyOf([{ id: 1, type: 'datetime', dossier: '/lu_le' }], {
    lu_le: '2026-07-01T22:30:15Z',
  });
  t.strictSame(corps, { [keyOf(1)]: '2026-07-02T00:30:15+02:00' });
});

const ROWS = {
  id: 1,
  type: 'RepetitionChampDescriptor',
  dossier: '/exercices',
  champs: [
    { id: 2, type: 'DateChampDescriptor', dossier: '/fin' },
    { id: 3, type: 'decimal_number', dossier: '/montant' },
    { id: 4, type: 'CommuneChampDescriptor', dossier: '/lieu' },
    { id: 5, type: 'piece_justificative', dossier: '/fin' },
    { id: 6, type: 'text', dossier: null },
  ],
};

t.test(
  'a repetition is sent a row for each element of its list, in the form of each of its fields',
  async (t) => {
    const exercices = [
      { fin: '2025-12-31', montant: 4318250.5, lieu: ADRESSE },
      { fin: '2024-12-31', montant: null, lieu: null },
    ];
    const { corps, ecartes, unlinked, filled } = bodyOf([ROWS], { exercices });
    t.strictSame(corps, {
      [keyOf(1)]: [
        { [keyOf(2)]: '2025-12-31', [keyOf(3)]: '4318250.5', [keyOf(4)]: ['44000', '44109'] },
        { [keyOf(2)]: '2024-12-31' },
      ],
    });
    t.strictSame(
      ecartes.filter(([, raison]) => raison !== 'inconnu'),
      [[`/${keyOf(1)}/${keyOf(5)}`, 'type_refuse_par_le_service']],
    );
    t.strictSame(
      unlinked.map(({ champ }) => champ),
      [`/${keyOf(1)}/${keyOf(6)}`],
    );
    const commune = filled.filter(({ champ }) => champ.includes(keyOf(4)));
    t.match(commune, [{ champ: `/${keyOf(1)}/0/${keyOf(4)}`, dossier: '/exercices/0/lieu' }]);
    t.equal(commune.length, 1);
  },
);

t.test(
  'a repetition of which nothing can be sent is told, and so are fields outside of a list',
  async (t) => {
    const exercices = [{ fin: '2025-12-31' }];
    const [file] = ROWS.champs.slice(3);
    t.strictSame(bodyOf([{ ...ROWS, champs: [file as Champ] }], { exercices }).ecartes, [
      [`/${keyOf(1)}`, 'type_refuse_par_le_service'],
      [`/${keyOf(1)}/${keyOf(5)}`, 'type_refuse_par_le_service'],
    ]);
    const [first] = ROWS.champs as Champ[];
    const outside = bodyOf([{ ...ROWS, dossier: null, champs: [first as Champ] }], { exercices });
    t.strictSame(outside.ecartes, [[`/${keyOf(1)}/${keyOf(2)}`, 'emplacement_non_pris_en_charge']]);
    t.strictSame(outside.corps, {});
    const nested = bodyOf([{ ...ROWS, champs: [first as Champ, { ...ROWS, id: 9 }] }], { exercices });
    t.match(nested.ecartes, [[`/${keyOf(1)}/${keyOf(9)}`, 'type_refuse_par_le_service']]);
  },
);

t.test('what the service alone knows of a value that is sent is said beside it', async (t) => {
  const { corps, filled } = bodyOf([
    { id: 1, type: 'drop_down_list', dossier: '/nom' },
    { id: 2, type: 'drop_down_list', options: ['AUTRE'], autre: true, dossier: '/nom' },
    { id: 3, type: 'ReferentielChampDescriptor', dossier: '/nom' },
    { id: 4, type: 'text', dossier: '/nom' },
  ]);
  t.same(Object.values(corps), ['ATELIER', 'ATELIER', 'ATELIER', 'ATELIER']);
  t.match(
    filled.map(({ a_verifier }) => a_verifier),
    [/ne sont pas publiées/, null, /référentiel/, null],
  );
});

t.test('a blank text, or more decimals than the service takes, is not sent', async (t) => {
  const champs = [
    { id: 1, type: 'text', dossier: '/blanc' },
    { id: 2, type: 'decimal_number', dossier: '/precis' },
  ];
  const { corps, ecartes } = bodyOf(champs, { blanc: ' ', precis: 0.1234 });
  t.strictSame(corps, {});
  t.strictSame(ecartes, [
    [`/${keyOf(1)}`, 'contrainte_non_respectee'],
    [`/${keyOf(2)}`, 'contrainte_non_respectee'],
  ]);
});

t.test('a list that costs too much to look through is refused, not looked through', async (t) => {
  const options = Array.from({ length: 5_000 }, (_, i) => `OPTION ${i}`);
  const champs = Array.from({ length: 100 }, (_, i) => ({
    id: i + 1,
    type: 'drop_down_list',
    options,
    dossier: '/nom',
  }));
  t.match(prefillBodyOf(champs, readingOf(KNOWN)), [{ detail: /multiplient/ }]);
});
