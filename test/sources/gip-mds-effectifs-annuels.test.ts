import t from 'tap';
import { gipMdsEffectifsAnnuels as source } from '../../src/sources/gip-mds-effectifs-annuels.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const line = (regime: string, value: unknown, nature = 'effectif_moyen_annuel') => ({
  regime,
  nature,
  value,
  date_derniere_mise_a_jour: null,
});

const answer = (...effectifs_annuel: unknown[]) =>
  single({ siren: '552032534', annee: '2025', effectifs_annuel });

function headcountOf(body: unknown) {
  return source.unify(factFor(source, 200, body).donnees).social?.effectif_annuel;
}

t.test('the regimes are added up, without the dust of binary decimals', async (t) => {
  const body = answer(line('regime_general', 12.34), line('regime_agricole', 0.7));
  t.same(headcountOf(body), { annee: '2025', total: 13.04 });
});

t.test('a regime without staff does not count', async (t) => {
  t.same(headcountOf(answer(line('regime_general', 118.9), line('regime_agricole', null))), {
    annee: '2025',
    total: 118.9,
  });
});

t.test('a headcount of zero is known, that of no regime is not', async (t) => {
  t.same(headcountOf(answer(line('regime_general', 0))), { annee: '2025', total: 0 });
  t.equal(headcountOf(answer(line('regime_general', null), line('regime_agricole', null))), null);
  t.equal(headcountOf(answer()), null);
});

t.test('an answer where everything is null is taken, with the headcount unknown', async (t) => {
  const effectifs_annuel = [{ ...line('', null), regime: null }];
  t.equal(headcountOf({ data: { siren: null, annee: null, effectifs_annuel } }), null);
  const dateless = { siren: null, annee: null, effectifs_annuel: [line('regime_general', 3)] };
  t.equal(headcountOf({ data: dateless }), null, 'a headcount of an unknown year is of no use');
});

t.test('numbers may be written as text and text as numbers', async (t) => {
  const effectifs_annuel = [line('regime_general', '12.34')];
  t.same(headcountOf(single({ siren: 552032534, annee: 2025, effectifs_annuel })), {
    annee: '2025',
    total: 12.34,
  });
});

t.test('a headcount of other people than asked, or under another key, is not understood', async (t) => {
  const other = answer(line('regime_general', 3, 'effectif_boeth_annuel'));
  const plural = single({ siren: '552032534', annee: '2025', effectifs_annuels: [] });
  for (const body of [other, plural]) t.equal(outcomeFor(source, 200, body).statut, 'indisponible');
});

t.test('the headcount of another company is set aside', async (t) => {
  const body = single({ siren: '130025265', annee: '2025', effectifs_annuel: [] });
  t.match(outcomeFor(source, 200, body), { erreur: { code: 'identifiant_different' } });
});

t.test('last year is asked, then the year before while last year is not published', async (t) => {
  const years = (today: string) =>
    source.paths(subjectOf(undefined, today)).map((path) => path.split('/').at(-1));
  t.same(years('2026-01-01'), ['2025', '2024']);
  t.same(years('2026-03-01'), ['2025', '2024']);
  t.equal(source.paths(subjectOf())[0], '/v3/gip_mds/unites_legales/552032534/effectifs_annuels/2025');
});

t.test('no headcount known is not found; one regime missing is no answer', async (t) => {
  t.equal(outcomeFor(source, 404, errors('31003')).statut, 'non_trouve');
  t.match(outcomeFor(source, 502, errors('31999')), {
    statut: 'indisponible',
    erreur: { code: '31999' },
  });
  t.match(source.explications.indisponible, /31999/);
});
