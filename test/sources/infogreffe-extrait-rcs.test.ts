import t from 'tap';
import { infogreffeExtraitRcs as source } from '../../src/sources/infogreffe-extrait-rcs.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const blankPerson = {
  adresse: { voie: '' },
  nationalite: { valeur: '', code: '' },
  nom: '',
  prenom: '',
  naissance: { pays: { valeur: '', code: '' }, date: '', lieu: '' },
};
const blankCompany = {
  forme_juridique: { valeur: '', code: '' },
  denomination: '',
  date_cloture_exercice_comptable: '',
  date_fin_de_vie: '',
};

const extract = {
  siren: '552032534',
  date_extrait: '2026-11-23',
  date_immatriculation: '1998-07-12',
  date_radiation: null,
  mandataires_sociaux: [
    {
      type: 'personne_physique',
      fonction: 'PRESIDENT',
      nom: 'MARTIN',
      prenom: 'Zoé',
      date_naissance: '1965-01',
    },
    {
      type: 'personne_morale',
      fonction: 'COMMISSAIRE',
      raison_sociale: 'AUDIT SA',
      numero_identification: '784824153',
    },
  ],
  observations: [{ numero: '12', libelle: 'Augmentation de capital', date: '2000-01-01' }],
  nom_commercial: 'DÉLICES',
  etablissement_principal: { activite: 'Fromages', origine_fonds: 'CREATION', code_ape: '1051C' },
  capital: { montant: 50123.6, devise: 'EUROS', code_devise: 'EUR' },
  greffe: { valeur: 'PARIS', code: '7501' },
  personne_physique: blankPerson,
  personne_morale: {
    forme_juridique: { valeur: 'SOCIETE ANONYME', code: 'SA' },
    denomination: 'DANONE',
    date_cloture_exercice_comptable: '12-31',
    date_fin_de_vie: '2075-05-18',
  },
};

t.test('an extract gives the registration, the capital and the officers', async (t) => {
  const { donnees } = factFor(source, 200, single(extract));
  t.match(source.unify(donnees).identite, {
    denomination: 'DANONE',
    type: 'personne_morale',
    nom_commercial: 'DÉLICES',
    forme_juridique: { code: null, libelle: 'SOCIETE ANONYME' },
    immatriculation_rcs: { greffe: 'PARIS', date_immatriculation: '1998-07-12', date_radiation: null },
    capital: { montant: 50123.6, devise: 'EUR' },
    dirigeants: [
      { nom: 'MARTIN', prenoms: 'Zoé' },
      { denomination: 'AUDIT SA', siren: '784824153' },
    ],
  });
  t.same(source.alertes(donnees), []);
});

t.test('no birth data leaves the register', async (t) => {
  const birth = { date: '1972-01-30', lieu: 'MONTPELLIER', pays: { valeur: 'FRANCE', code: 'FR' } };
  const trader = { ...blankPerson, nom: 'MARTIN', prenom: 'JEAN', naissance: birth };
  const answer = { ...extract, personne_morale: blankCompany, personne_physique: trader };
  const { donnees } = factFor(source, 200, single(answer));
  t.match(donnees, { type: 'personne_physique', denomination: 'JEAN MARTIN' });
  t.notMatch(JSON.stringify(donnees), /naissance|1965|1972|MONTPELLIER/);
});

t.test('an empty text and a capital of 0.0 are unknown', async (t) => {
  const capital = { montant: 0.0, devise: '', code_devise: '' };
  const empty = {
    ...extract,
    capital,
    nom_commercial: '',
    date_immatriculation: '',
    mandataires_sociaux: [],
  };
  const { identite } = source.unify(factFor(source, 200, single(empty)).donnees);
  t.match(identite, {
    capital: null,
    nom_commercial: null,
    dirigeants: null,
    immatriculation_rcs: { date_immatriculation: null },
  });
});

t.test('a radiation is a critical alert', async (t) => {
  const { donnees } = factFor(source, 200, single({ ...extract, date_radiation: '2019-01-02' }));
  t.match(source.alertes(donnees), [{ code: 'radiation', niveau: 'critique', message: /02\/01\/2019/ }]);
});

t.test('a note about collective proceedings is a critical alert', async (t) => {
  const libelle = 'JUGEMENT PRONONÇANT LA LIQUIDATION JUDICIAIRE';
  const noted = { ...extract, observations: [{ numero: 12, libelle, date: '2026-09-01' }] };
  const { donnees } = factFor(source, 200, single(noted));
  t.match(source.alertes(donnees), [{ code: 'procedure_collective', niveau: 'critique' }]);
});

t.test('an answer about another company is set aside', async (t) => {
  const outcome = outcomeFor(source, 200, single(extract), subjectOf('55204944776279'));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
});

t.test('a company outside the register is not found, even when the hub calls it a failure', async (t) => {
  t.equal(outcomeFor(source, 404, errors('02003')).statut, 'non_trouve');
  t.equal(outcomeFor(source, 502, errors('02502')).statut, 'non_trouve');
  t.equal(outcomeFor(source, 502, errors('2502')).statut, 'non_trouve');
  t.equal(outcomeFor(source, 502, errors('00502')).statut, 'indisponible');
  t.equal(outcomeFor(source, 502, errors('02501')).statut, 'indisponible');
});

t.test('whatever may be unknown is null', async (t) => {
  const nulls = Object.fromEntries(Object.keys(extract).map((key) => [key, null]));
  const bare = { ...nulls, siren: '552032534' };
  const inner = {
    ...bare,
    mandataires_sociaux: [
      { type: 'personne_morale', fonction: null, raison_sociale: null, numero_identification: null },
    ],
    observations: [{ numero: null, libelle: null, date: null }],
    etablissement_principal: { activite: null, code_ape: null },
    capital: { montant: null, devise: null, code_devise: null },
    greffe: { valeur: null, code: null },
    personne_physique: { nom: null, prenom: null },
    personne_morale: {
      forme_juridique: { valeur: null, code: null },
      denomination: null,
      date_cloture_exercice_comptable: null,
      date_fin_de_vie: null,
    },
  };
  for (const data of [bare, inner]) {
    const { donnees } = factFor(source, 200, { data });
    t.match(source.unify(donnees).identite, { denomination: null, type: null, capital: null });
    t.same(source.alertes(donnees), []);
  }
});

t.test('the end of the fiscal year is told day first, as the RNE tells it', async (t) => {
  const closing = (date_cloture_exercice_comptable: string) => {
    const personne_morale = { ...extract.personne_morale, date_cloture_exercice_comptable };
    return factFor(source, 200, single({ ...extract, personne_morale })).donnees;
  };
  t.match(closing('04-03'), { date_cloture_exercice: '03-04' });
  t.match(closing('31-12'), { date_cloture_exercice: '31-12' }, 'what cannot be a month is left where it is');
  t.match(closing(''), { date_cloture_exercice: null });
});
