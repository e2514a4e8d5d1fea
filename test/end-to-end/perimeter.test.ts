import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { createAnswerQuestion } from '../../src/sandbox/companies.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { mintToken } from '../../src/sandbox/token.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { gatewayOn } from '../helpers/gateway-on.ts';

const sandbox = createSandbox({
  answerQuestion: createAnswerQuestion({ fixturesDir: 'fixtures' }),
  quotas: false,
});
const url = await sandbox.api.listen({ host: '127.0.0.1', port: 0 });
t.teardown(() => sandbox.api.close());
const token = await mintToken();

/** A gateway that keeps nothing yet, on administrations that have counted nothing yet. */
async function setUp(faults: Record<string, object> = {}) {
  await sandbox.control.inject({ method: 'DELETE', url: '/faults' });
  for (const [id, payload] of Object.entries(faults)) {
    const { statusCode } = await sandbox.control.inject({ method: 'PUT', url: `/faults/${id}`, payload });
    t.equal(statusCode, 200, id);
  }
  const app = await gatewayOn(t, url, token);
  await sandbox.control.inject({ method: 'DELETE', url: '/calls' });
  return {
    async ask(name: string, more = '', headers: Record<string, string> = { prefer: 'wait=20' }) {
      const { siret, usage } = JSON.parse(readFileSync(`fixtures/personas/${name}/persona.json`, 'utf8'));
      return app.inject({
        url: `/v1/dossiers/${siret}?usage=${usage}&object=TEST&recipient=${RECIPIENT}${more}`,
        headers,
      });
    },
    async calls(): Promise<Record<string, number>> {
      return (await sandbox.control.inject('/calls')).json().endpoints;
    },
  };
}

const dataOf = (response: { json(): Dossier }) => response.json().data;
const INSEE = ['insee_etablissement', 'insee_unite_legale'];
const ATTESTATION = 'dgfip_attestation_fiscale';

t.test('a company that a rule leaves out costs no call, and the dossier names the rule', async (t) => {
  const { ask, calls } = await setUp();
  const { pieces, completude } = dataOf(await ask('entreprise-creee-cette-annee'));
  t.match(pieces[ATTESTATION], {
    statut: 'hors_perimetre',
    explication: /créée cette année/,
    obtenu_le: null,
    erreur: null,
  });
  t.equal(completude.statut, 'complet');
  const called = await calls();
  for (const id of [
    ATTESTATION,
    'banque_de_france_bilans',
    'gip_mds_effectifs_annuels',
    'djepva_association',
  ]) {
    t.equal(called[id], undefined, id);
  }
  t.equal(called.insee_unite_legale, 1);
});

t.test('when Insee fails nobody is left out', async (t) => {
  const down = { failure: 'reset' };
  const { ask, calls } = await setUp({ insee_etablissement: down, insee_unite_legale: down });
  const { pieces } = dataOf(await ask('entreprise-creee-cette-annee'));
  t.equal(pieces[ATTESTATION]?.statut, 'non_trouve');
  t.equal((await calls())[ATTESTATION], 1);
});

t.test('when Insee is late the others are asked without it, within the time of the caller', async (t) => {
  const slow = { latencyMs: 5_000 };
  const { ask, calls } = await setUp({ insee_etablissement: slow, insee_unite_legale: slow });
  const startedMs = performance.now();
  const { pieces, completude } = dataOf(await ask('entreprise-creee-cette-annee', '', { prefer: 'wait=2' }));
  t.ok(performance.now() - startedMs < 3_500);
  t.strictSame([...completude.en_attente].sort(), INSEE);
  t.equal(pieces[ATTESTATION]?.statut, 'non_trouve');
  t.equal((await calls())[ATTESTATION], 1);
});

t.test('what is asked anew is judged anew', async (t) => {
  const { ask, calls } = await setUp();
  await ask('entreprise-creee-cette-annee');
  await sandbox.control.inject({ method: 'DELETE', url: '/calls' });
  const { pieces } = dataOf(
    await ask('entreprise-creee-cette-annee', '', { prefer: 'wait=20', 'cache-control': 'no-cache' }),
  );
  t.equal(pieces[ATTESTATION]?.statut, 'hors_perimetre');
  t.equal((await calls())[ATTESTATION], undefined);
  t.equal((await calls()).insee_unite_legale, 1);
});

t.test('the redirected company is not judged by the one that Insee describes in its place', async (t) => {
  const { ask } = await setUp();
  const { pieces } = dataOf(await ask('siret-redirige'));
  const left = Object.values(pieces).filter(({ statut }) => statut === 'hors_perimetre');
  t.strictSame(left, []);
});

t.test('funds of the building trades are not asked of others, unless works are bought', async (t) => {
  const { ask, calls } = await setUp();
  const { pieces } = dataOf(await ask('pme-en-regle'));
  t.match(pieces.cibtp_attestation_conges_payes, { statut: 'non_demande', explication: /bâtiment/ });
  t.equal((await calls()).cibtp_attestation_conges_payes, undefined);
  const works = dataOf(await ask('pme-en-regle', '&nature=travaux_batiment'));
  t.equal(works.pieces.cibtp_attestation_conges_payes?.statut, 'non_trouve');
});

t.test('of a subsidiary, one more certificate is asked, of the company that heads the group', async (t) => {
  const { ask, calls } = await setUp();
  const { pieces, constats } = dataOf(await ask('filiale-groupe-fiscal'));
  t.equal(pieces.dgfip_attestation_fiscale_mere?.statut, 'obtenu');
  t.equal((await calls())[ATTESTATION], 2);
  t.match(
    constats.find(({ exigence }) => exigence === 'regularite_fiscale'),
    { conclusion: 'etablie', motif: /société mère/ },
  );
});

t.test('of any other company none is', async (t) => {
  const { ask, calls } = await setUp();
  const { pieces } = dataOf(await ask('pme-en-regle'));
  t.equal(pieces.dgfip_attestation_fiscale_mere?.statut, 'non_demande');
  t.equal((await calls())[ATTESTATION], 1);
});

t.test('as events, each piece comes once, those left out by rule as well', async (t) => {
  const { ask } = await setUp();
  const { body } = await ask('entreprise-creee-cette-annee', '', {
    prefer: 'wait=20',
    accept: 'text/event-stream',
  });
  const told = body
    .split('\n\n')
    .filter((event) => event.startsWith('event: piece'))
    .map((event) => JSON.parse(event.split('\ndata: ')[1] as string));
  const ids = told.map(({ source }) => source);
  t.equal(new Set(ids).size, ids.length);
  t.equal(told.find(({ source }) => source === ATTESTATION)?.statut, 'hors_perimetre');
  t.notOk(told.some(({ statut }) => statut === 'non_demande'));
  t.ok(ids.indexOf(ATTESTATION) > Math.min(...INSEE.map((id) => ids.indexOf(id))), 'after Insee');
});
