import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { createAnswerQuestion } from '../../src/sandbox/companies.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { mintToken } from '../../src/sandbox/token.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { all, faultsIn, readXml } from '../helpers/espd-rules.ts';
import { gatewayOn } from '../helpers/gateway-on.ts';

const NAMES = readdirSync('fixtures/personas');
const siretOf = (name: string): string =>
  JSON.parse(readFileSync(`fixtures/personas/${name}/persona.json`, 'utf8')).siret;

const now = () => Date.parse('2026-11-26T10:00:00Z');
const sandbox = createSandbox({
  answerQuestion: createAnswerQuestion({ fixturesDir: 'fixtures' }),
  now,
  quotas: false,
});
const url = await sandbox.api.listen({ host: '127.0.0.1', port: 0 });
t.teardown(() => sandbox.api.close());
const app = await gatewayOn(t, url, await mintToken(), { now });

for (const name of NAMES) {
  t.test(`${name} has an ESPD response that keeps every rule`, async (t) => {
    const siret = siretOf(name);
    const response = await app.inject({
      url: `/v1/dossiers/${siret}/espd?usage=marche_public&object=TEST&recipient=${RECIPIENT}`,
      headers: { prefer: 'wait=20' },
    });
    t.equal(response.statusCode, 200);
    t.strictSame(faultsIn(response.body), []);
    const root = readXml(response.body);
    for (const { text } of all(root, 'cbc:URI')) {
      t.match(text, new RegExp(`^http://[^/]+/v1/dossiers/${siret}[/?]`), 'evidence is at the gateway');
    }
  });
}
