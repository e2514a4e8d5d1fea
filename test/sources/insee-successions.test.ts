import t from 'tap';
import { inseeSuccessions as source } from '../../src/sources/insee-successions.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

const link = {
  siret: '30613890001294',
  date_succession: '2021-10-15',
  transfert_siege: true,
  continuite_economique: true,
};

t.test('predecessors and successors enter the identity', async (t) => {
  const { donnees } = factFor(source, 200, single({ predecesseurs: [link], successeurs: [] }));
  t.same(source.unify(donnees).identite, {
    predecesseurs: [
      { siret: '30613890001294', date: '2021-10-15', transfert_siege: true, continuite_economique: true },
    ],
    successeurs: [],
  });
});

t.test('a 404 means that no link is known, and says so', async (t) => {
  t.equal(outcomeFor(source, 404, errors('01003')).statut, 'non_trouve');
  t.match(source.explications.non_trouve, /ni prédécesseur ni successeur/);
});

t.test('a SIRET with a wrong check digit is taken as it comes, and the rest may be unknown', async (t) => {
  const bare = { siret: 12345678901234, date_succession: null, transfert_siege: null };
  const { donnees } = factFor(source, 200, { data: { predecesseurs: [bare], successeurs: null } });
  t.same(donnees, {
    predecesseurs: [
      { siret: '12345678901234', date: null, transfert_siege: null, continuite_economique: null },
    ],
    successeurs: null,
  });
});

t.test('a link without a SIRET costs itself alone, and does not pass for the absence of any', async (t) => {
  const { siret: _, ...unnamed } = link;
  const answer = { predecesseurs: [unnamed, link], successeurs: [unnamed] };
  t.match(factFor(source, 200, single(answer)).donnees, {
    predecesseurs: [{ siret: '30613890001294' }],
    successeurs: null,
  });
});
