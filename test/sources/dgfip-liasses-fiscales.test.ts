import t from 'tap';
import { dgfipLiassesFiscales as source } from '../../src/sources/dgfip-liasses-fiscales.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const obligation = (code: unknown) => ({
  id: '100209489259',
  code,
  libelle: 'Impôt sur les sociétés',
  reference: 'IS1',
  regime: 'Réel normal',
});

const declaration = (code: unknown) => ({
  numero_imprime: '2050',
  regime: { code, libelle: 'Réel normal' },
  date_declaration: '2026-05-03',
  date_fin_exercice: '2025-12-31',
  duree_exercice: 365,
  millesime: '202601',
  donnees: [{ code_nref: '300201', valeurs: ['3309684', null] }],
});

function groupOf(obligations: unknown[], regimes: unknown[]) {
  const data = {
    obligations_fiscales: obligations.map(obligation),
    declarations: regimes.map(declaration),
  };
  return source.unify(factFor(source, 200, single(data)).donnees).fiscal?.groupe_fiscal;
}

t.test('forms are listed with their regime and exercise, without what their boxes hold', async (t) => {
  const data = { obligations_fiscales: [obligation('IS')], declarations: [declaration('RN')] };
  t.same(factFor(source, 200, single(data)).donnees, {
    obligations_fiscales: [{ code: 'IS', libelle: 'Impôt sur les sociétés', regime: 'Réel normal' }],
    declarations: [
      { imprime: '2050', regime: 'RN', date_fin_exercice: '2025-12-31', duree_exercice_jours: 365 },
    ],
  });
});

t.test('a subsidiary of a tax group is known by the regime of its forms', async (t) => {
  t.same(groupOf(['IS'], ['RNMEMBRE']), { membre: true, role: 'filiale' });
});

t.test('the mother files for the group beside her own form', async (t) => {
  t.same(groupOf(['IS', 'IS GROUPE'], ['RNMEMBRE', 'RNGROUPE']), { membre: true, role: 'mere' });
});

t.test('the obligation of a group alone tells membership, not the role', async (t) => {
  t.same(groupOf(['IS GROUPE'], ['RN']), { membre: true, role: 'inconnu' });
});

t.test('ordinary regimes tell that there is no group', async (t) => {
  for (const obligation of ['IS', 'BIC', 'BA', 'BNC']) {
    t.same(groupOf([obligation], ['RN', 'RS', 'RSI', 'DECC']), { membre: false, role: null }, obligation);
  }
});

t.test('a regime nobody documented leaves membership unknown instead of denying it', async (t) => {
  t.equal(groupOf(['IS'], ['RN', 'RNTETE']), null);
  t.equal(groupOf(['IS'], [null]), null);
  t.equal(groupOf([], []), null);
});

t.test('forms of which nothing is known say nothing of a group', async (t) => {
  const nothing = { obligations_fiscales: null, declarations: [] };
  const nulls = {
    obligations_fiscales: [{ code: null, libelle: null, regime: null }],
    declarations: [{ numero_imprime: null, regime: null, date_fin_exercice: null, duree_exercice: null }],
  };
  for (const data of [nothing, nulls]) {
    const fact = factFor(source, 200, { data });
    t.equal(fact.statut, 'obtenu');
    t.equal(source.unify(fact.donnees).fiscal?.groupe_fiscal, null);
  }
});

t.test('numbers may be written as text and text as numbers', async (t) => {
  const data = {
    obligations_fiscales: [],
    declarations: [{ ...declaration('RN'), numero_imprime: 2050, duree_exercice: '365' }],
  };
  t.match(factFor(source, 200, single(data)).donnees, {
    declarations: [{ imprime: '2050', duree_exercice_jours: 365 }],
  });
});

t.test('the forms of last year are asked, then those of the year before', async (t) => {
  const years = (today: string) =>
    source.paths(subjectOf(undefined, today)).map((path) => path.split('/').at(-1));
  t.same(years('2026-01-01'), ['2025', '2024']);
  t.same(years('2026-03-01'), ['2025', '2024']);
  t.same(years('2026-12-31'), ['2025', '2024']);
  t.equal(source.paths(subjectOf())[0], '/v3/dgfip/unites_legales/552032534/liasses_fiscales/2025');
});

t.test('no forms known is no fault', async (t) => {
  t.equal(outcomeFor(source, 404, errors('03003')).statut, 'non_trouve');
});
