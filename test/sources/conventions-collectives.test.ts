import t from 'tap';
import { conventionsCollectives as source } from '../../src/sources/conventions-collectives.ts';
import { collection, errors, factFor, outcomeFor } from '../helpers/answer.ts';

const convention = {
  type: 'convention_collective',
  titre: "Convention collective nationale des bureaux d'études techniques",
  titre_court: "Bureaux d'études techniques",
  numero_idcc: 16,
  active: true,
  etat: 'vigueur_etendue',
  synonymes: [],
  url: 'https://www.legifrance.gouv.fr/affichIDCC.do',
  date_publication: '1988-01-01',
};

t.test('an agreement is named by its four-digit identifier', async (t) => {
  const { donnees } = factFor(source, 200, collection([convention, { ...convention, numero_idcc: '1486' }]));
  t.match(source.unify(donnees).identite?.conventions_collectives, [
    { idcc: '0016', titre: "Bureaux d'études techniques" },
    { idcc: '1486' },
  ]);
});

t.test(
  'an agreement binds its whole branch once extended, which is unknown in any other state',
  async (t) => {
    const states = ['vigueur_etendue', 'vigueur', 'denoncee'].map((etat) => ({ ...convention, etat }));
    const { donnees } = factFor(source, 200, collection(states));
    t.match(donnees, { conventions: [{ etendue: true }, { etendue: false }, { etendue: null }] });
  },
);

t.test('an agreement no longer in force stays in the piece and out of the identity', async (t) => {
  const { donnees } = factFor(source, 200, collection([{ ...convention, active: false }]));
  t.match(donnees, { conventions: [{ idcc: '0016', active: false }] });
  t.same(source.unify(donnees).identite?.conventions_collectives, []);
});

t.test('an establishment without a known agreement is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('14003')).statut, 'non_trouve');
});

t.test('whatever may be unknown is null', async (t) => {
  const bare = { numero_idcc: 1486, titre: null, titre_court: null, active: null, etat: null, url: null };
  const { donnees } = factFor(source, 200, { data: [{ data: { ...bare, date_publication: null } }] });
  t.match(donnees, { conventions: [{ idcc: '1486', titre: null, active: null, etendue: null, url: null }] });
});
