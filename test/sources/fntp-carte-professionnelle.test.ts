import t from 'tap';
import { pieceOf } from '../../src/dossier/piece.ts';
import { fntpCarteProfessionnelle as source } from '../../src/sources/fntp-carte-professionnelle.ts';
import { errors, factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

t.test('a card is a professional capacity, whose dates are unknown', async (t) => {
  const fact = factFor(source, 200, { data: { document_url: 'https://storage.example/carte.pdf' } });
  t.same(source.unify(fact.donnees).certifications?.travaux_publics, { carte_professionnelle: true });
  t.same(fact.validite, { du: null, au: null });
});

t.test('no card accuses nobody', async (t) => {
  const outcome = outcomeFor(source, 404, errors('12003'));
  t.equal(outcome.statut, 'non_trouve');
  t.match(
    pieceOf(source, outcome, { today: '2026-11-23', owner: { siret: subjectOf().siret, usage: 'socle' } })
      .explication,
    'ne prouve aucun manquement',
  );
});

t.test('without a document there is no card to speak of', async (t) => {
  for (const data of [{}, { document_url: null }, { document_url: '' }]) {
    t.equal(outcomeFor(source, 200, single(data)).statut, 'indisponible');
  }
});
