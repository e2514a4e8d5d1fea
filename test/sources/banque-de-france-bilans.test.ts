import t from 'tap';
import { banqueDeFranceBilans as source } from '../../src/sources/banque-de-france-bilans.ts';
import { collection, errors, factFor, outcomeFor } from '../helpers/answer.ts';

const valeur = (value: unknown) => ({ valeur: value, evolution: null });

const bilan = {
  annee: '2025',
  date_arrete_exercice: '2025-12',
  declarations: [{ numero_imprime: '2051', donnees: [] }],
  valeurs_calculees: [
    {
      excedent_brut_exploitation: valeur('120000'),
      capacite_autofinancement: valeur('-9001.5'),
      fonds_roulement_net_global: valeur('300'),
      total_dettes_stables: valeur('40'),
      disponibilites: valeur('9001'),
    },
  ],
};

function balanceSheets(...items: unknown[]) {
  return source.unify(factFor(source, 200, collection(items)).donnees).fiscal?.bilans;
}

function grossSurplus(value: unknown) {
  const body = { ...bilan, valeurs_calculees: [{ excedent_brut_exploitation: value }] };
  return balanceSheets(body)?.[0]?.excedent_brut_exploitation_euros;
}

t.test('amounts written as text are numbers of euros', async (t) => {
  t.same(balanceSheets(bilan), [
    {
      annee: '2025',
      date_fin_exercice: '2025-12',
      excedent_brut_exploitation_euros: 120_000,
      capacite_autofinancement_euros: -9001.5,
      fonds_roulement_net_global_euros: 300,
      dettes_stables_euros: 40,
    },
  ]);
});

t.test('the number zero stands for an absent value, the text zero for an amount', async (t) => {
  t.equal(grossSurplus(valeur(0)), null);
  t.equal(grossSurplus(valeur('0')), 0);
  t.equal(grossSurplus(valeur('')), null);
  t.equal(grossSurplus(valeur(12)), 12);
});

t.test('an amount that is no number is not understood', async (t) => {
  const body = { ...bilan, valeurs_calculees: [{ excedent_brut_exploitation: valeur('n.c.') }] };
  t.equal(outcomeFor(source, 200, collection([body])).statut, 'indisponible');
});

t.test('a closing month is read with a dash or without', async (t) => {
  const month = (date_arrete_exercice: unknown) =>
    balanceSheets({ ...bilan, date_arrete_exercice })?.[0]?.date_fin_exercice;
  t.equal(month('2025-12'), '2025-12');
  t.equal(month('202512'), '2025-12');
  t.equal(month(202_512), '2025-12');
  t.equal(month('2025-13'), null);
  t.equal(month(null), null);
});

t.test('an answer where everything is null is taken, with every amount unknown', async (t) => {
  const nulls = { annee: null, date_arrete_exercice: null, valeurs_calculees: null };
  const unknown = {
    annee: null,
    date_fin_exercice: null,
    excedent_brut_exploitation_euros: null,
    capacite_autofinancement_euros: null,
    fonds_roulement_net_global_euros: null,
    dettes_stables_euros: null,
  };
  t.same(balanceSheets(nulls), [unknown]);
  t.same(balanceSheets({ ...nulls, valeurs_calculees: [] }), [unknown]);
  t.equal(grossSurplus(null), null);
  t.equal(grossSurplus(valeur(null)), null);
  t.equal(balanceSheets(), null);
});

t.test('a company that the Banque de France does not rate is not accused', async (t) => {
  t.equal(outcomeFor(source, 404, errors('17003')).statut, 'non_trouve');
  t.match(outcomeFor(source, 502, errors('03999')), { statut: 'indisponible', erreur: { code: '03999' } });
});
