import t from 'tap';
import { douanesEori as source } from '../../src/sources/douanes-eori.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

const registration = {
  id: 'FR55203253400646',
  actif: true,
  code_pays: 'FR',
  code_postal: '75009',
  libelle: 'DANONE',
  pays: 'FRANCE',
  rue: '17 BD HAUSSMANN',
  ville: 'PARIS',
};

t.test('an active number enters the identity', async (t) => {
  const { donnees } = factFor(source, 200, single(registration));
  t.same(source.unify(donnees).identite, { numero_eori: 'FR55203253400646' });
});

t.test('an inactive number is shown, proves nothing, and stays out of the identity', async (t) => {
  const { statut, donnees } = factFor(source, 200, single({ ...registration, actif: false }));
  t.equal(statut, 'obtenu');
  t.match(donnees, { numero_eori: 'FR55203253400646', actif: false });
  t.same(source.unify(donnees), {});
  t.match(source.explications.obtenu, /autre État membre/);
});

t.test('a company without a number here may have one elsewhere', async (t) => {
  t.equal(outcomeFor(source, 404, errors('16003')).statut, 'non_trouve');
  t.match(source.explications.non_trouve, /autre État membre/);
});

t.test('a French number of another company is set aside, a foreign one cannot be compared', async (t) => {
  const other = outcomeFor(source, 200, single({ ...registration, id: 'FR16002307300010' }));
  t.match(other, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
  t.equal(outcomeFor(source, 200, single({ ...registration, id: 'DE1234567' })).statut, 'obtenu');
});

t.test('a number that is neither active nor inactive is not understood', async (t) => {
  t.equal(outcomeFor(source, 200, single({ ...registration, actif: null })).statut, 'indisponible');
});

t.test('name and country may be unknown', async (t) => {
  const bare = { id: 'FR55203253400646', actif: true, libelle: null, pays: null };
  t.match(factFor(source, 200, { data: bare }).donnees, { denomination: null, pays: null });
});
