import t from 'tap';
import type { Consultation } from '../../src/journal/consultations.ts';
import type { Concerned, Position } from '../../src/journal/lookup.ts';
import { Broken } from '../../src/storage/database.ts';
import { build, collectOf, journalInto, RECIPIENT } from '../helpers/app.ts';

/** The company that the token of the tests is for. */
const SIREN = '000011403';
const OTHER_SIREN = '552032534';
const ID = '20261126T100000000Z-00000001-2';
const consultation: Consultation = {
  id: ID,
  le: '2026-11-26T10:00:00.000Z',
  requete: 'requete-1',
  route: '/v1/dossiers/:siret',
  qui: {
    habilitation: 'h-1',
    organisme: RECIPIENT,
    denomination: 'Commune d’Exemple',
    editeur: null,
    agent: 'agent-7',
    base_legale: 'CCP R2143-13',
  },
  pourquoi: { destinataire: RECIPIENT, usage: 'marche_public', objet: '2026-001', contexte: 'Marché public' },
  issue: { resultat: 'repondu', statut: 200, motif: null },
  siren: SIREN,
  conservees: ['insee_etablissement'],
  demandees: ['dgfip_attestation_fiscale'],
  empreinte: null,
  contestations: [],
};
const COMPANY = `/v1/entreprises/${SIREN}/consultations`;

function listing(answer: () => { consultations: Consultation[]; next: string | null } | Broken) {
  const asked: [Concerned, Position | null, number][] = [];
  return {
    asked,
    list: async (...args: [Concerned, Position | null, number]) => {
      asked.push(args);
      return answer();
    },
    find: async (id: string) => (id === ID ? consultation : null),
  };
}

t.test('the company sees who asked for what, when and why, but not which agent', async (t) => {
  const consultations = listing(() => ({ consultations: [consultation], next: 'abc' }));
  const app = await build(t, collectOf({}), [], { consultations });
  const answer = await app.inject(`${COMPANY}?limite=1`);
  t.equal(answer.statusCode, 200);
  t.strictSame(consultations.asked, [[{ siren: SIREN }, null, 1]]);
  const { data, links } = answer.json();
  t.match(data[0].data, {
    id: ID,
    organisme: { siret: RECIPIENT, denomination: 'Commune d’Exemple' },
    base_legale: 'CCP R2143-13',
    objet: '2026-001',
    pieces: ['insee_etablissement', 'dgfip_attestation_fiscale'],
    explication: 'Des données ont été remises.',
  });
  t.notMatch(answer.body, /agent-7/);
  t.equal(links.suivante, `${COMPANY}?limite=1&apres=abc`);
});

t.test('a body sees its own accesses, and whose data they were', async (t) => {
  const consultations = listing(() => ({ consultations: [consultation], next: null }));
  const app = await build(t, collectOf({}), [], { consultations });
  const answer = await app.inject('/v1/consultations');
  t.match(answer.headers, { 'cache-control': 'private, no-store', vary: 'authorization' });
  const { data, links } = answer.json();
  t.strictSame(consultations.asked, [[{ body: RECIPIENT }, null, 50]]);
  t.match(data[0].data, { siren: SIREN, agent: 'agent-7' });
  t.equal(links.suivante, null);
});

t.test('the public forms of a body do not read whom the body asked about', async (t) => {
  const consultations = listing(() => ({ consultations: [consultation], next: null }));
  const app = await build(t, collectOf({}), [], { consultations });
  t.equal((await app.inject('/v1/consultations?usage=public')).statusCode, 403);
  t.strictSame(consultations.asked, []);
});

t.test('whoever may not see them is refused, and the refusal recorded', async (t) => {
  const lines: object[] = [];
  const consultations = listing(() => ({ consultations: [consultation], next: null }));
  const app = await build(t, collectOf({}), [], { journal: journalInto(lines), consultations });
  const payload = { texte: 'Nous contestons.' };
  const other = `/v1/entreprises/${OTHER_SIREN}/consultations`;
  const contest = { method: 'POST' as const, url: `${other}/${ID}/contestations`, payload };
  const statuses = [
    (await app.inject(other)).statusCode,
    (await app.inject(contest)).statusCode,
    (await app.inject({ url: COMPANY, headers: { authorization: '' } })).statusCode,
    (await app.inject({ url: '/v1/consultations', headers: { authorization: '' } })).statusCode,
  ];
  t.strictSame(statuses, [403, 403, 401, 401]);
  t.strictSame(consultations.asked, []);
  t.match(
    lines,
    ['destinataire', 'destinataire', 'jeton_absent', 'jeton_absent'].map((motif) => ({
      nature: 'acces',
      issue: { resultat: 'refuse', motif },
    })),
  );
});

t.test('a company contests an access: it is recorded, with the body that is concerned', async (t) => {
  const lines: object[] = [];
  const app = await build(t, collectOf({}), [], {
    journal: journalInto(lines),
    consultations: listing(() => ({ consultations: [], next: null })),
  });
  const contest = (id: string, payload: object, siren = SIREN) =>
    app.inject({
      method: 'POST',
      url: `/v1/entreprises/${siren}/consultations/${id}/contestations`,
      payload,
    });
  const answer = await contest(ID, { texte: ' Nous n’avons pas candidaté. ' });
  t.equal(answer.statusCode, 201);
  t.match(answer.json().data, { texte: 'Nous n’avons pas candidaté.' });
  t.match(lines, [{ nature: 'contestation', siren: SIREN, organisme: RECIPIENT, acces: ID }]);

  t.equal((await contest('inconnu', { texte: 'x' })).json().type, '/problemes/consultation-inconnue');
  t.equal((await contest(ID, { texte: 'x' }, OTHER_SIREN)).statusCode, 403, 'of another company');
  for (const payload of [{}, { texte: '  ' }, { texte: 7 }, { texte: 'x'.repeat(2_001) }, []]) {
    const refusal = await contest(ID, payload);
    t.equal(refusal.statusCode, 422);
    t.match(refusal.json().errors, [{ pointer: /^\// }]);
  }
  t.equal(lines.filter((line) => (line as { nature: string }).nature === 'contestation').length, 1);
});

t.test('bad parameters are named, and a journal that cannot be read is a 503', async (t) => {
  const app = await build(t, collectOf({}), [], { consultations: listing(() => new Broken('away')) });
  const bad: [string, string][] = [
    ['/v1/entreprises/123/consultations', 'siren'],
    [`${COMPANY}?limite=0`, 'limite'],
    [`${COMPANY}?limite=101`, 'limite'],
    [`${COMPANY}?limite=1&limite=2`, 'limite'],
    [`${COMPANY}?apres=x`, 'apres'],
  ];
  for (const [path, parameter] of bad) {
    const refusal = await app.inject(path);
    t.equal(refusal.statusCode, 422, path);
    t.match(refusal.json().errors, [{ parameter }]);
  }
  const away = await app.inject(COMPANY);
  t.equal(away.statusCode, 503);
  t.equal(away.headers['retry-after'], '5');
});
