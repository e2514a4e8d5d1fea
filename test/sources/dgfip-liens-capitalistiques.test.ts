import t from 'tap';
import { dgfipLiensCapitalistiques as source } from '../../src/sources/dgfip-liens-capitalistiques.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const company = {
  type: 'personne_morale',
  pourcentage: 51,
  nombre_parts: 510,
  personne_physique_attributes: {
    civilite: 'NS',
    nom_patronymique_et_prenoms: 'NS',
    nom_marital: 'NS',
    date_naissance: { annee: null, mois: null },
  },
  personne_morale_attributes: {
    siren: '110001013',
    denomination: 'SOCIÉTÉ MÈRE',
    complement_denomination: null,
    forme_juridique: 'NS',
  },
  adresse: { voie: 'RUE DE VARENNE' },
};

const person = {
  type: 'personne_physique',
  pourcentage: 49,
  nombre_parts: 490,
  personne_physique_attributes: {
    civilite: 'M',
    nom_patronymique_et_prenoms: 'SECRET Jacques',
    nom_marital: 'NS',
    date_naissance: { annee: '1932', mois: '11' },
  },
  personne_morale_attributes: { siren: 'NS', denomination: 'NS' },
  adresse: { voie: 'RUE CACHÉE' },
};

const subsidiary = {
  siren: '130007669',
  denomination: 'ANSII',
  complement_denomination: null,
  forme_juridique: 'SA',
  pourcentage_detention: 42,
};

function answer(actionnaires: unknown, filiales: unknown, neant: boolean | null = false) {
  return single({
    capital: { actionnaires, repartition: { personnes_physiques: { nombre: 1 } }, depose_neant: neant },
    participations: { filiales, nombre_filiales: 1, depose_neant: neant },
  });
}

function linksOf(body: unknown) {
  return source.unify(factFor(source, 200, body).donnees).fiscal;
}

t.test('companies that hold or are held are given with their share', async (t) => {
  t.same(linksOf(answer([company, person], [subsidiary])), {
    actionnaires_personnes_morales: [{ siren: '110001013', denomination: 'SOCIÉTÉ MÈRE', pourcentage: 51 }],
    filiales: [{ siren: '130007669', denomination: 'ANSII', pourcentage: 42 }],
  });
});

t.test('of natural persons only the share is kept', async (t) => {
  const { donnees } = factFor(source, 200, answer([person], []));
  t.match(donnees, { actionnaires_personnes_physiques: [{ pourcentage: 49 }] });
  t.notMatch(JSON.stringify(donnees), /SECRET|1932|CACHÉE/);
});

t.test('empty lists without a form filed as empty are unknown, not an absence', async (t) => {
  for (const neant of [false, null]) {
    t.same(linksOf(answer([], [], neant)), { actionnaires_personnes_morales: null, filiales: null });
  }
});

t.test('a form filed as empty declares that there is nobody', async (t) => {
  t.same(linksOf(answer([], [], true)), { actionnaires_personnes_morales: [], filiales: [] });
});

t.test('a company held by persons alone declares no company among its holders', async (t) => {
  t.same(linksOf(answer([person], []))?.actionnaires_personnes_morales, []);
});

t.test('a SIREN is taken as declared, fictitious or written as a number', async (t) => {
  const declared = [99_999_999, '99999999', 'NS'].map((siren) => ({ ...subsidiary, siren }));
  t.same(
    linksOf(answer([], declared))?.filiales?.map(({ siren }) => siren),
    ['99999999', '99999999', null],
  );
});

t.test('forms of which nothing is known say nothing of links', async (t) => {
  const nulls = [
    { capital: { depose_neant: false }, participations: null },
    {
      capital: { actionnaires: null, repartition: null, depose_neant: false },
      participations: { filiales: null, nombre_filiales: null, depose_neant: null },
    },
  ];
  for (const data of nulls) {
    t.same(linksOf({ data }), { actionnaires_personnes_morales: null, filiales: null });
  }
  const unnamed = { type: 'personne_morale', pourcentage: null, personne_morale_attributes: null };
  t.same(linksOf(answer([unnamed], null, null))?.actionnaires_personnes_morales, [
    { siren: null, denomination: null, pourcentage: null },
  ]);
});

t.test('a kind of holder that is not known could be a person: nothing is kept', async (t) => {
  const body = answer([{ ...person, type: 'fiducie' }], []);
  t.match(outcomeFor(source, 200, body), {
    statut: 'indisponible',
    erreur: { code: 'reponse_inattendue' },
  });
});

t.test('the forms of last year are asked, then those of the year before', async (t) => {
  const years = (today: string) =>
    source.paths(subjectOf(undefined, today)).map((path) => path.split('/').at(-1));
  t.same(years('2026-01-01'), ['2025', '2024']);
  t.same(years('2026-03-01'), ['2025', '2024']);
  t.equal(source.paths(subjectOf())[0], '/v3/dgfip/unites_legales/552032534/liens_capitalistiques/2025');
});

t.test('no form found is not said to be an absence of holders', async (t) => {
  t.equal(outcomeFor(source, 404, errors('03003')).statut, 'non_trouve');
  t.match(source.explications.non_trouve, /ne veut pas dire/);
});
