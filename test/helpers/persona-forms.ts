import { readdirSync, readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { forms, type ReadyForm } from '../../src/formulaires/forms.ts';
import { createAnswerQuestion } from '../../src/sandbox/companies.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { mintToken } from '../../src/sandbox/token.ts';
import { RECIPIENT } from './app.ts';
import { gatewayOn } from './gateway-on.ts';

export interface Prefilled {
  // biome-ignore lint/suspicious/noExplicitAny: the values have the shape of whatever form was asked for
  valeurs: any;
  remplis: { champ: string; source: string | null; perime: boolean; se_rapporte_a: string | null }[];
  a_completer: Record<string, unknown>;
  non_remplis: { champ: string; dossier: string; raison: string }[];
}

/** Why a field is not filled when nobody holds its value, or nobody was to be asked. */
export const HELD_BY_NOBODY = ['inconnu', 'hors_perimetre', 'non_demande', 'en_examen'];

export const personaNames = readdirSync('fixtures/personas').sort();

const personaOf = (name: string): { siret: string; usage: string } =>
  JSON.parse(readFileSync(`fixtures/personas/${name}/persona.json`, 'utf8'));

/** The form of associations is for them only. */
export function isFor({ usages }: ReadyForm, name: string): boolean {
  return !usages.includes('subvention_association') || personaOf(name).usage === 'subvention_association';
}

/** The mocked administrations and the gateway, in this process, at one instant. */
export async function openForms(t: Pick<Test, 'teardown'>, nowMs: number): Promise<FastifyInstance> {
  const now = () => nowMs;
  const sandbox = createSandbox({
    answerQuestion: createAnswerQuestion({ fixturesDir: 'fixtures' }),
    now,
    quotas: false,
  });
  const url = await sandbox.api.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => sandbox.api.close());
  return gatewayOn(t as Test, url, await mintToken(), { now });
}

/** A ready-made form, filled for a persona of the fixtures, for the usage it is made for. */
export async function prefill(app: FastifyInstance, form: ReadyForm, name: string): Promise<Prefilled> {
  const [usage] = form.usages;
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/formulaires/preremplissage',
    headers: { prefer: 'wait=30' },
    payload: {
      siret: personaOf(name).siret,
      usage,
      object: 'DEMO-2026-001',
      recipient: RECIPIENT,
      formulaire: form.id,
    },
  });
  if (answer.statusCode !== 200) throw new Error(`${form.id} ${name}: ${answer.body}`);
  return answer.json().data;
}

export { forms };
