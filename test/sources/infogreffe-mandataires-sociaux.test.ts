import t from 'tap';
import { infogreffeMandatairesSociaux as source } from '../../src/sources/infogreffe-mandataires-sociaux.ts';
import { collection, errors, factFor, outcomeFor } from '../helpers/answer.ts';

const person = {
  type: 'personne_physique',
  fonction: 'PRESIDENT',
  nom: 'MARTIN',
  prenom: 'Zoé',
  date_naissance: '1965-01-27',
  date_naissance_timestamp: -155523600,
  lieu_naissance: 'ROUBAIX',
  nationalite: 'FRANCAISE',
};
const company = {
  type: 'personne_morale',
  fonction: 'COMMISSAIRE AUX COMPTES',
  raison_sociale: 'AUDIT SA',
  numero_identification: '784824153',
  code_greffe: '9201',
};

t.test('officers keep in this piece what the check of a ban needs', async (t) => {
  const { donnees } = factFor(source, 200, collection([person, company]));
  t.match(donnees, {
    mandataires_sociaux: [
      { nom: 'MARTIN', date_naissance: '1965-01-27', lieu_naissance: 'ROUBAIX' },
      { denomination: 'AUDIT SA', siren: '784824153', date_naissance: null },
    ],
  });
});

t.test('no birth data enters the identity', async (t) => {
  const { donnees } = factFor(source, 200, collection([person]));
  t.same(source.unify(donnees).identite?.dirigeants, [
    {
      type: 'personne_physique',
      fonction: 'PRESIDENT',
      nom: 'MARTIN',
      prenoms: 'Zoé',
      denomination: null,
      siren: null,
    },
  ]);
});

t.test('an empty list gives no officers to the identity', async (t) => {
  t.equal(source.unify(factFor(source, 200, collection([])).donnees).identite?.dirigeants, null);
});

t.test('a company without officers, or outside the register, is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('02003')).statut, 'non_trouve');
  t.equal(outcomeFor(source, 502, errors('02502')).statut, 'non_trouve');
});

t.test('an unknown kind of officer is not understood', async (t) => {
  t.equal(outcomeFor(source, 200, collection([{ ...person, type: 'robot' }])).statut, 'indisponible');
});

t.test('whatever may be unknown is null', async (t) => {
  const nulls = Object.fromEntries(Object.keys({ ...person, ...company }).map((key) => [key, null]));
  const { donnees } = factFor(source, 200, { data: [{ data: { ...nulls, type: 'personne_physique' } }] });
  t.match(donnees, { mandataires_sociaux: [{ nom: null, date_naissance: null, lieu_naissance: null }] });
});

t.test('an officer whose kind is left out is told by the name it has', async (t) => {
  const { type: _company, ...unsaidCompany } = company;
  const { type: _person, ...unsaidPerson } = person;
  const { donnees } = factFor(source, 200, collection([unsaidPerson, unsaidCompany]));
  t.match(donnees, {
    mandataires_sociaux: [
      { type: 'personne_physique', nom: 'MARTIN' },
      { type: 'personne_morale', denomination: 'AUDIT SA' },
    ],
  });
});
