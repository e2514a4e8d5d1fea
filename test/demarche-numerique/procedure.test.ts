import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import t from 'tap';
import { keyOf } from '../../src/formulaires/champ.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { openForms } from '../helpers/persona-forms.ts';

const SERVER = new URL('../helpers/procedures-server.mjs', import.meta.url);

/** The service is a process of its own, which tells what it keeps of what it receives. */
const child = spawn(process.execPath, [SERVER.pathname], { stdio: ['ignore', 'pipe', 'inherit'] });
t.teardown(() => void child.kill());
const lines = createInterface({ input: child.stdout });
const [port] = await once(lines, 'line');
const origin = `http://127.0.0.1:${port}`;

const published = await fetch(`${origin}/preremplir/aide/schema`);
const descripteur = (await published.json()) as { revision: object };
const app = await openForms(t, Date.parse('2026-11-26T10:00:00Z'));
const { siret } = JSON.parse(readFileSync('fixtures/personas/pme-en-regle/persona.json', 'utf8'));

async function prepare(more: object) {
  const response = await app.inject({
    method: 'POST',
    url: '/v1/formulaires/demarche-numerique',
    headers: { prefer: 'wait=30' },
    payload: { siret, usage: 'aide_publique', object: '4217', recipient: RECIPIENT, ...more },
  });
  return { status: response.statusCode, ...response.json() };
}

async function kept(corps: unknown) {
  const told = once(lines, 'line');
  await fetch(`${origin}/api/public/v1/demarches/1/dossiers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(corps),
  });
  return JSON.parse(String((await told)[0])).kept;
}

/** For each field of the procedure, where the dossier has it. */
const LINKS = {
  1: '/identite/denomination',
  2: '/identite/adresse/lignes',
  3: '/siren',
  6: '/social/effectif_annuel/annee',
  7: '/social/effectif_annuel/total',
  8: '/identite/date_creation',
  9: '/pieces/insee_etablissement/obtenu_le',
  10: '/identite/etablissement/siege',
  11: '/identite/etablissement/siege',
  13: '/siret',
  14: '/identite/adresse',
  15: '/identite/adresse',
  16: '/identite/adresse',
  17: '/identite/adresse',
  18: '/identite/adresse',
  19: '/identite/adresse',
  20: '/identite/categorie_entreprise',
  22: '/demande/objet',
  23: '/siret',
  25: '/identite/forme_juridique/libelle',
  champ_Q2hhbXAtMjQ: '/fiscal/chiffres_affaires',
  'Q2hhbXAtNTA=': '/date_fin_exercice',
  51: '/montant_euros',
};
const REFUSED = [30, 31, 32, 33, 34, 35, 36, 37, 38];

t.test('a descriptor is pasted whole, and the service keeps all that is sent', async (t) => {
  const { status, data } = await prepare({ descripteur, correspondances: LINKS });
  t.equal(status, 200);
  t.strictSame(data.ecartes, []);
  t.equal(Object.keys(data.corps).length, Object.keys(LINKS).length - 2, 'two are of rows');
  t.strictSame(await kept(data.corps), data.corps);
  t.match(data.corps, {
    [keyOf(15)]: ['44000', '44109'],
    [keyOf(19)]: ['44'],
    [keyOf(24)]: [{ [keyOf(50)]: '2025-12-31', [keyOf(51)]: '4318250' }],
  });
  const titles = [keyOf(40), keyOf(41)].map((key) => `/${key}`);
  const unlinked = data.sans_correspondance.map(({ champ }: { champ: string }) => champ);
  t.notOk(
    titles.some((title) => unlinked.includes(title)),
    'titles ask nothing',
  );
  t.match(
    data.sans_correspondance.filter(({ preremplissable }: { preremplissable: boolean }) => !preremplissable)
      .length,
    REFUSED.length + 1,
  );
});

t.test('what is put aside would have been dropped in silence, had it been sent', async (t) => {
  const { data } = await prepare({
    descripteur,
    correspondances: {
      ...Object.fromEntries(REFUSED.map((number) => [number, '/identite/denomination'])),
      6: '/social/effectif_annuel/total',
      12: '/identite/denomination',
      17: '/identite/denomination',
      21: '/identite/forme_juridique/code',
      22: '/identite/denomination',
    },
  });
  t.strictSame(data.corps, {});
  t.equal(data.ecartes.length, REFUSED.length + 5);
  for (const { explication } of data.ecartes) t.ok(explication);
  const sent = { [keyOf(6)]: '34.25', [keyOf(12)]: 'ATELIER', [keyOf(17)]: 'ATELIER', [keyOf(21)]: ['5710'] };
  const refused = Object.fromEntries(REFUSED.map((number) => [keyOf(number), 'ATELIER']));
  t.strictSame(await kept({ ...sent, ...refused, [keyOf(22)]: 'ATELIER', [keyOf(19)]: '44' }), {});
});

t.test('the answers of GraphQL are descriptors too, and one that is none is refused', async (t) => {
  const correspondances = { 1: '/siret' };
  const { revision, ...about } = descripteur;
  for (const pasted of [
    { data: { demarcheDescriptor: descripteur } },
    { data: { demarche: { ...about, activeRevision: revision } } },
    { demarche: { ...about, draftRevision: revision, publishedRevision: null } },
    revision,
  ]) {
    const { data } = await prepare({ descripteur: pasted, correspondances });
    t.strictSame(data.corps, { [keyOf(1)]: siret });
  }
  for (const [more, pointer] of [
    [{ descripteur: { data: null, errors: [] } }, '/descripteur'],
    [{ descripteur: 'aide' }, '/descripteur'],
    [{ descripteur, champs: [] }, '/champs'],
    [{}, '/champs'],
    [{ descripteur, correspondances: { 99: '/siret' } }, `/correspondances/${keyOf(99)}`],
    [{ descripteur, correspondances: { 1: 'siret' } }, '/correspondances/1'],
    [{ descripteur: { champDescriptors: [{ id: 1 }] } }, '/descripteur/champDescriptors/0/type'],
    [
      {
        descripteur: {
          champDescriptors: Array.from({ length: 1_001 }, (_, i) => ({ id: i + 1, type: 'text' })),
        },
      },
      '/descripteur/champDescriptors',
    ],
  ] as const) {
    const { status, errors } = await prepare(more);
    t.equal(status, 422, pointer);
    t.match(errors, [{ pointer }]);
  }
});
