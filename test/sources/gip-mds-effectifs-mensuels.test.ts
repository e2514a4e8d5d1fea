import t from 'tap';
import { gipMdsEffectifsMensuels as source } from '../../src/sources/gip-mds-effectifs-mensuels.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const SIRET = '55203253400646';

const line = (regime: string, value: unknown, mois: unknown = '09', annee: unknown = '2026') => ({
  regime,
  nature: 'effectif_moyen_mensuel',
  annee,
  mois,
  value,
  date_derniere_mise_a_jour: null,
});

const answer = (...effectifs_mensuels: unknown[]) => single({ siret: SIRET, effectifs_mensuels });

function headcountOf(body: unknown) {
  return source.unify(factFor(source, 200, body).donnees).social?.effectif_mensuel;
}

t.test('the regimes of a month are added up', async (t) => {
  const body = answer(line('regime_general', 0.1), line('regime_agricole', 0.2));
  t.same(headcountOf(body), { annee: '2026', mois: '09', total: 0.3 });
});

t.test('two months are never added together: the last one counts', async (t) => {
  const body = answer(
    line('regime_general', 4, '12', '2025'),
    line('regime_general', 5, '01', '2026'),
    line('regime_agricole', null, '01', '2026'),
  );
  t.same(headcountOf(body), { annee: '2026', mois: '01', total: 5 });
  const oneYearApart = answer(line('regime_general', 4, '09', '2025'), line('regime_general', 5));
  t.same(headcountOf(oneYearApart), { annee: '2026', mois: '09', total: 5 });
});

t.test('a headcount of zero is known, that of no regime is not', async (t) => {
  t.match(headcountOf(answer(line('regime_general', 0))), { total: 0 });
  t.equal(headcountOf(answer(line('regime_general', null))), null);
  t.equal(headcountOf(answer()), null);
});

t.test('an answer where everything is null is taken, with the headcount unknown', async (t) => {
  const nulls = { ...line('', null, null, null), regime: null };
  t.equal(headcountOf({ data: { siret: null, effectifs_mensuels: [nulls] } }), null);
});

t.test('numbers may be written as text and text as numbers', async (t) => {
  const body = single({
    siret: Number(SIRET),
    effectifs_mensuels: [line('regime_general', '12.34', 9, 2026), line('regime_agricole', 1, 10, 2026)],
  });
  t.same(headcountOf(body), { annee: '2026', mois: '10', total: 1 });
  t.match(headcountOf(answer(line('regime_general', '12.34', 9))), { mois: '09', total: 12.34 });
});

t.test('a headcount of other people than asked is not understood', async (t) => {
  const body = answer({ ...line('regime_general', 3), nature: 'effectif_ecap_mensuel' });
  t.equal(outcomeFor(source, 200, body).statut, 'indisponible');
});

t.test('the headcount of another company is set aside', async (t) => {
  const body = single({ siret: '13002526500013', effectifs_mensuels: [] });
  t.match(outcomeFor(source, 200, body), { erreur: { code: 'identifiant_different' } });
});

t.test('the month before the last is asked, on two digits', async (t) => {
  const path = (today: string) => source.paths(subjectOf(SIRET, today))[0];
  const asked = (month: string, year: string) =>
    `/v3/gip_mds/etablissements/${SIRET}/effectifs_mensuels/${month}/annee/${year}`;
  t.equal(path('2026-01-01'), asked('11', '2025'));
  t.equal(path('2026-02-28'), asked('12', '2025'));
  t.equal(path('2026-03-01'), asked('01', '2026'));
  t.equal(path('2026-04-30'), asked('02', '2026'));
  t.equal(path('2026-12-31'), asked('10', '2026'));
});

t.test('no headcount known is not found; one regime missing is no answer', async (t) => {
  t.equal(outcomeFor(source, 404, errors('31003')).statut, 'non_trouve');
  t.match(outcomeFor(source, 502, errors('31999')), {
    statut: 'indisponible',
    erreur: { code: '31999' },
  });
  t.match(source.explications.indisponible, /31999/);
});
