import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { leftViewSchema } from '../../src/routes/left-view.ts';
import { createAnswerQuestion } from '../../src/sandbox/companies.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { mintToken } from '../../src/sandbox/token.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { gatewayOn } from '../helpers/gateway-on.ts';
import { until } from '../helpers/start-gateway.ts';

const DAY_MS = 86_400_000;
const ENDS_MS = 240_000;
let nowMs = Date.parse('2026-11-26T10:00:00Z');
const now = () => nowMs;
const sandbox = createSandbox({
  answerQuestion: createAnswerQuestion({ fixturesDir: 'fixtures' }),
  now,
  quotas: false,
});
const url = await sandbox.api.listen({ host: '127.0.0.1', port: 0 });
t.teardown(() => sandbox.api.close());
const app = await gatewayOn(t, url, await mintToken(), { now });

const VIGILANCE = 'Attestation de vigilance, ou attestation équivalente de son régime social';
/** By the story of each persona, for the award of works. */
const EXPECTED = {
  'Attestation de régularité fiscale': [
    'association-alsace-moselle',
    'association-rna',
    'diffusion-partielle',
    'entrepreneur-individuel-ir',
    'entreprise-cessee',
    'entreprise-creee-cette-annee',
    'exploitation-agricole-msa-en-examen',
    'liquidation-judiciaire',
  ],
  [VIGILANCE]: [
    'association-alsace-moselle',
    'entrepreneur-individuel-ir',
    'entreprise-cessee',
    'vigilance-expiree',
  ],
  "Déclaration appropriée de banque, ou preuve d'une assurance pour les risques professionnels": [
    'entreprise-creee-cette-annee',
  ],
  "Déclaration sur l'honneur de n'être ni en liquidation ni en redressement judiciaire": [
    'association-alsace-moselle',
    'association-rna',
  ],
};

const names = readdirSync('fixtures/personas').sort();
const siretOf = (name: string): string =>
  JSON.parse(readFileSync(`fixtures/personas/${name}/persona.json`, 'utf8')).siret;
const nameOf = (siret: string) => names.find((name) => siretOf(name) === siret) as string;

/** What each page leaves to ask: document → SIRETs. */
async function byPages(location: string): Promise<Record<string, string[]>> {
  const asked: Record<string, string[]> = {};
  for (let next: string | null = `${location}?limite=31`; next; ) {
    const answer: { json(): ReturnType<typeof JSON.parse> } = await app.inject({ url: next });
    const page = answer.json();
    for (const { siret, pieces } of page.data.a_demander) {
      for (const { piece } of pieces) asked[piece] = [...(asked[piece] ?? []), siret];
    }
    next = page.links.suivante;
  }
  return asked;
}

async function listAt(location: string) {
  const page = (await app.inject({ url: `${location}?limite=0` })).json();
  const answer = await app.inject({ url: page.links.a_demander });
  t.equal(answer.statusCode, 200);
  return leftViewSchema.parse(answer.json()).data;
}

await t.test('what is left to ask of all personas, by document', async (t) => {
  const candidats = names.map(siretOf);
  const payload = { object: 'OUVERTURE', recipient: RECIPIENT, candidats, nature: 'travaux_batiment' };
  const { headers } = await app.inject({ method: 'POST', url: '/v1/ouvertures', payload });
  const location = String(headers.location);
  await until(
    async () => (await app.inject({ url: `${location}?limite=0` })).json().data?.statut === 'terminee',
    ENDS_MS,
  );
  const list = await listAt(location);
  const asked = Object.fromEntries(
    list.a_demander.map(({ piece, entreprises }) => [piece, entreprises.map(nameOf)]),
  );
  for (const [piece, expected] of Object.entries(EXPECTED)) t.strictSame(asked[piece], expected, piece);
  for (const refused of ['refus-urssaf', 'analyse-manuelle-urssaf']) {
    t.notOk(asked[VIGILANCE]?.includes(refused), `${refused}: nothing more is to be asked`);
  }
  t.strictSame(list.progression, {
    entreprises: names.length,
    terminees: names.length,
    sources_en_attente: 0,
  });

  await t.test('it is what the pages say, of each company once', async (t) => {
    const flat = Object.fromEntries(
      list.a_demander.map(({ piece, entreprises }) => [piece, entreprises] as const),
    );
    t.strictSame(flat, await byPages(location));
  });

  await t.test('each company is there with its reason', async (t) => {
    for (const { entreprises, motifs } of list.a_demander) {
      t.strictSame(motifs.flatMap((one) => one.entreprises).sort(), [...entreprises].sort());
    }
  });

  await t.test('on another day it is judged by that day, as the pages are', async (t) => {
    nowMs += DAY_MS * 2;
    const later = await listAt(location);
    const flat = Object.fromEntries(
      later.a_demander.map(({ piece, entreprises }) => [piece, entreprises] as const),
    );
    t.strictSame(flat, await byPages(location));
    t.notSame(later.a_demander, list.a_demander, 'what was stated two days ago proves nothing of today');
  });
});
