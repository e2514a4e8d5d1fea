import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Answer, AnswerQuestion, Question } from './answer.ts';
import { monthsAsked } from './periods.ts';
import { resolveDates } from './relative-dates.ts';

const Persona = z.strictObject({
  nom: z.string(),
  histoire: z.string(),
  siret: z.string(),
  siren: z.string(),
  rna: z.string().optional(),
  usage: z.enum(['marche_public', 'aide_publique', 'subvention_association']),
});

/** A fictitious company: who it is, the story it is there to tell, and its folder. */
export interface Persona extends z.infer<typeof Persona> {
  folder: string;
}

const Fixture = z.strictObject({
  status: z.number(),
  body: z.record(z.string(), z.unknown()),
  document: z.strictObject({ title: z.string(), company: z.string(), lines: z.array(z.string()) }).optional(),
});
type Fixture = z.infer<typeof Fixture>;

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The personas of `fixturesDir`, in the order of their folders' names. */
export function readPersonas(fixturesDir: string | URL): Persona[] {
  const root = join(typeof fixturesDir === 'string' ? fixturesDir : fileURLToPath(fixturesDir), 'personas');
  return readdirSync(root)
    .sort()
    .map((name) => join(root, name))
    .map((folder) => ({ ...Persona.parse(readJson(join(folder, 'persona.json'))), folder }));
}

/** The identifiers under which `<endpoint>.json` answers; `<endpoint>.<identifier>.json` has only its own. */
function identifiersOf({ siren, siret, rna }: Persona): string[] {
  return [siren, siret, `FR${siret}`, ...(rna ? [rna] : [])];
}

const keyOf = (endpoint: string, identifier: string) => `${endpoint} ${identifier}`;

function* fixturesOf(persona: Persona): Generator<[key: string, fixture: Fixture]> {
  for (const file of readdirSync(persona.folder)) {
    const [endpoint = '', identifier] = file.replace(/\.json$/, '').split('.');
    if (endpoint === 'persona') continue;
    const fixture = Fixture.parse(readJson(join(persona.folder, file)));
    const identifiers = identifier ? [identifier] : identifiersOf(persona);
    for (const each of identifiers) yield [keyOf(endpoint, each), fixture];
  }
}

/** Monthly headcounts are written once, for the asked month, and repeated over the months asked. */
function repeatByMonth(fixture: Fixture, question: Question): Fixture {
  const rows = monthsAsked(question).flatMap((month) => {
    const parameters = { ...question.parameters, ...month };
    const body = resolveDates(fixture.body, { today: question.today, parameters });
    return (body.data as { effectifs_mensuels: unknown[] }).effectifs_mensuels;
  });
  return {
    ...fixture,
    body: { ...fixture.body, data: { ...(fixture.body.data as object), effectifs_mensuels: rows } },
  };
}

function answerOf(fixture: Fixture, question: Question): Answer {
  const repeats = question.endpoint === 'gip_mds_effectifs_mensuels' && fixture.status === 200;
  const { document, ...rest } = resolveDates(repeats ? repeatByMonth(fixture, question) : fixture, question);
  return document ? { ...rest, document } : rest;
}

/** Keeps the last answer of a fixture: a day long the questions hardly vary, and a large one takes milliseconds. */
function createAnswerFrom(fixture: Fixture) {
  let asked = '';
  let answer: Answer;
  return (question: Question): Answer => {
    const asking = JSON.stringify([question.today, question.parameters]);
    if (asking !== asked) answer = answerOf(fixture, question);
    asked = asking;
    return answer;
  };
}

/** Answers for the personas of `fixturesDir`, read once; null for a company, or an endpoint, without a file. */
export function createAnswerByPersona(fixturesDir: string | URL): AnswerQuestion {
  const fixtures = readPersonas(fixturesDir).flatMap((persona) => [...fixturesOf(persona)]);
  const answers = new Map(fixtures.map(([key, fixture]) => [key, createAnswerFrom(fixture)]));
  return (question) => answers.get(keyOf(question.endpoint, question.identifier))?.(question) ?? null;
}
