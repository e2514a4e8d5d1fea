import t, { type Test } from 'tap';
import type { SendPrefill } from '../../src/demarche-numerique/send-prefill.ts';
import { build, collectOf, fact, RECIPIENT, SIRET } from '../helpers/app.ts';

const URL = '/v1/formulaires/demarche-numerique';
const CHAMPS = [
  { id: 22, type: 'siret', 'x-dlnuf': '/siret' },
  { id: 23, type: 'piece_justificative', 'x-dlnuf': '/siren' },
];
const ASKED = { siret: SIRET, usage: 'aide_publique', object: 'A-1', recipient: RECIPIENT, champs: CHAMPS };
const CORPS = { champ_Q2hhbXAtMjI: SIRET };

async function setUp(t: Test, answer: Awaited<ReturnType<SendPrefill>> | null, isRemembered = true) {
  const sent: unknown[] = [];
  const sendPrefill: SendPrefill = async (...given) => {
    sent.push(given);
    return answer as never;
  };
  const app = await build(
    t,
    collectOf({
      insee_etablissement: fact('non_trouve'),
      msa_conformite_cotisations: fact('obtenu', { situation: 'a_jour' }),
    }),
    [],
    {
      sendPrefill: answer && sendPrefill,
      witness: (_witnessed, leave) => leave(isRemembered),
    },
  );
  const post = (more: object = {}) =>
    app.inject({ method: 'POST', url: URL, payload: { ...ASKED, ...more } });
  return { post, sent };
}

t.test('a body is prepared, and nothing is sent unasked', async (t) => {
  const { post, sent } = await setUp(t, 'sans_reponse');
  const response = await post();
  t.equal(response.statusCode, 200);
  t.match(response.json().data, {
    corps: CORPS,
    envoi: null,
    ecartes: [{ raison: 'type_refuse_par_le_service' }],
  });
  t.strictSame(sent, []);
});

t.test('a body is sent when that is asked for; the address of the file is the caller’s alone', async (t) => {
  const file = { numero: 123, adresse: 'https://demarche.numerique.gouv.fr/commencer/aide?prefill_token=s' };
  const { post, sent } = await setUp(t, file);
  const response = await post({ envoyer: true, demarche: 7 });
  t.match(response.json().data.envoi, { statut: 'prerempli', ...file });
  t.match(response.headers, { 'cache-control': 'private, no-store' });
  t.strictSame(sent, [[7, CORPS]]);
});

t.test('a pasted descriptor says the number of its procedure, unless the caller does', async (t) => {
  const { post, sent } = await setUp(t, 'demarche_inconnue');
  const champDescriptors = CHAMPS.map(({ 'x-dlnuf': _, ...champ }) => champ);
  const pasted = {
    champs: undefined,
    descripteur: { number: 41, revision: { champDescriptors } },
    correspondances: { 22: '/siret' },
    envoyer: true,
  };
  t.equal((await post(pasted)).statusCode, 200);
  await post({ ...pasted, demarche: 7 });
  t.strictSame(sent, [
    [41, CORPS],
    [7, CORPS],
  ]);
});

t.test('what came of a sending that failed is said, beside the body', async (t) => {
  const { post } = await setUp(t, 'demarche_inconnue');
  const response = await post({ envoyer: true, demarche: 7 });
  t.equal(response.statusCode, 200);
  t.match(response.json().data, {
    corps: CORPS,
    envoi: { statut: 'demarche_inconnue', message: /rien n'est déposé/ },
  });
});

t.test('a sending that cannot be is refused before anybody is asked', async (t) => {
  for (const [answer, more, pointer] of [
    [null, { envoyer: true, demarche: 7 }, '/envoyer'],
    ['sans_reponse', { envoyer: true }, '/demarche'],
    ['sans_reponse', { envoyer: 'oui' }, '/envoyer'],
    ['sans_reponse', { envoyer: true, demarche: '../7' }, '/demarche'],
  ] as const) {
    const { post, sent } = await setUp(t, answer);
    const response = await post(more);
    t.equal(response.statusCode, 422);
    t.match(response.json().errors, [{ pointer }]);
    t.strictSame(sent, []);
  }
});

t.test('links beyond what a procedure can have are refused in one word', async (t) => {
  const { post } = await setUp(t, null);
  const correspondances = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [i + 1, 0]));
  const response = await post({ correspondances });
  t.equal(response.statusCode, 422);
  t.match(response.json().errors, [{ pointer: '/correspondances' }]);
  t.equal(response.json().errors.length, 1);
});

t.test('nothing is sent that cannot be accounted for', async (t) => {
  const { post, sent } = await setUp(t, 'sans_reponse', false);
  t.equal((await post({ envoyer: true, demarche: 7 })).statusCode, 503);
  t.strictSame(sent, []);
});
