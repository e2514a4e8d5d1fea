import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { createAnswerQuestion } from '../../src/sandbox/companies.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { mintToken } from '../../src/sandbox/token.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { gatewayOn } from '../helpers/gateway-on.ts';

/** What the expected tables call each document, in the words that the company is asked in. */
const DOCUMENTS: Record<string, RegExp> = {
  '3666': /^Attestation de régularité fiscale$/,
  'société mère': /fiscale de la société mère du groupe/,
  vigilance: /^Attestation de vigilance, ou/,
  retraite: /^Certificat de cotisations de retraite/,
  congés: /^Certificat de la caisse de congés payés/,
  "chiffre d'affaires": /^Déclaration du chiffre d'affaires/,
  banque: /^Déclaration appropriée de banque/,
  effectifs: /^Déclaration des effectifs/,
  qualifications: /^Certificats de qualification/,
  'honneur liquidation': /^Déclaration sur l'honneur de n'être ni en liquidation/,
  honneur: /^Attestation sur l'honneur d'être à jour/,
  taille: /^Déclaration de la taille/,
  difficulté: /^Déclaration de ne pas être une entreprise en difficulté/,
  'numéro RNA': /^Numéro RNA/,
  comptes: /^Comptes du dernier exercice/,
};
const CONCLUSIONS: Record<string, string> = {
  oui: 'etablie',
  non: 'contredite',
  '?': 'impossible_a_conclure',
  '–': 'sans_objet',
};

const NOVEMBER_26_MS = Date.parse('2026-11-26T10:00:00Z');
const DECEMBER_1_MS = Date.parse('2026-12-01T08:00:00Z');
const CASES: Record<string, { nowMs: number; date: string }> = {
  "Aujourd'hui": { nowMs: NOVEMBER_26_MS, date: '' },
  'Date limite passée': { nowMs: NOVEMBER_26_MS, date: '&date=2026-11-06' },
  'Premier du mois': { nowMs: DECEMBER_1_MS, date: '' },
};

interface Row {
  persona: string;
  conclusions: Record<string, string>;
  documents: string[];
}

function rowsOf(section: string): Row[] {
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const cells = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const [head = [], , ...rows] = cells;
  return rows.map((row) => ({
    persona: row[0] as string,
    conclusions: Object.fromEntries(
      head.slice(1, -1).map((exigence, i) => [exigence, CONCLUSIONS[row[i + 1] as string] as string]),
    ),
    documents: (row.at(-1) as string).split(', ').filter(Boolean),
  }));
}

const NAMES = readdirSync('fixtures/personas');
const siretOf = (name: string): string =>
  JSON.parse(readFileSync(`fixtures/personas/${name}/persona.json`, 'utf8')).siret;

/** The mocked administrations and the gateway, both at one instant. */
async function open(nowMs: number) {
  const now = () => nowMs;
  const answerQuestion = createAnswerQuestion({ fixturesDir: 'fixtures' });
  const sandbox = createSandbox({ answerQuestion, now, quotas: false });
  const url = await sandbox.api.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => sandbox.api.close());
  return gatewayOn(t, url, await mintToken(), { now });
}

const apps = new Map([
  [NOVEMBER_26_MS, await open(NOVEMBER_26_MS)],
  [DECEMBER_1_MS, await open(DECEMBER_1_MS)],
]);

async function dossierOf(siret: string, usage: string, { nowMs, date }: { nowMs: number; date: string }) {
  const url = `/v1/dossiers/${siret}?usage=${usage}&object=TEST&recipient=${RECIPIENT}${date}`;
  const response = await apps.get(nowMs)?.inject({ url, headers: { prefer: 'wait=20' } });
  return response?.json().data as Dossier['data'];
}

for (const file of readdirSync('test/usages/expected')) {
  const usage = file.replace('.md', '').replace('-', '_');
  const sections = readFileSync(`test/usages/expected/${file}`, 'utf8').split('\n## ').slice(1);
  t.equal(sections.length, Object.keys(CASES).length);
  for (const section of sections) {
    const title = section.split('\n')[0] as string;
    t.test(`${usage}, ${title}: findings and documents left to ask are those written by hand`, async (t) => {
      const rows = rowsOf(section);
      t.strictSame(rows.map(({ persona }) => persona).sort(), NAMES.toSorted(), 'each persona has its row');
      for (const { persona, conclusions, documents } of rows) {
        const dossier = await dossierOf(siretOf(persona), usage, CASES[title] as (typeof CASES)[string]);
        const found = dossier.constats.map(({ exigence, conclusion }) => [exigence, conclusion]);
        t.strictSame(found, Object.entries(conclusions), `${persona}: findings`);
        t.match(
          dossier.a_demander,
          documents.map((name) => ({
            piece: DOCUMENTS[name],
            motif: /\.$/,
            recours: /\.$/,
            base_legale: /\w/,
          })),
          `${persona}: left to ask`,
        );
        t.equal(dossier.a_demander.length, documents.length, `${persona}: nothing else is left to ask`);
      }
    });
  }
}
