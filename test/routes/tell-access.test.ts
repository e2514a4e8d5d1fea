import { decodeJwt } from 'jose';
import t, { type Test } from 'tap';
import type { AppOptions } from '../../src/app.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { accessOf, build, collectOf, fact, GOOD, journalInto, SIRET } from '../helpers/app.ts';

/** The token of who asks is revoked while the sources are asked. */
async function revokedMeanwhile(t: Test) {
  const now = () => NOON_MS;
  const { access, tokens } = await accessOf(t, now);
  const { titre } = decodeJwt(tokens.marche_public ?? '');
  const collected = collectOf({ insee_etablissement: fact('obtenu') });
  const collect: AppOptions['collect'] = (collecting) => {
    // As the register holds it: what revokes it there is tried elsewhere.
    Object.assign(access.register.credential(String(titre)) ?? {}, { revokedAtMs: NOON_MS });
    return collected(collecting);
  };
  const lines: object[] = [];
  const app = await build(t, collect, [], { access, now, journal: journalInto(lines) });
  const headers = { authorization: `Bearer ${tokens.marche_public}` };
  return { lines, ask: (more = {}) => app.inject({ url: GOOD, headers: { ...headers, ...more } }) };
}

const REFUSED = {
  quoi: { siren: SIRET.slice(0, 9) },
  issue: { resultat: 'refuse', motif: 'jeton_revoque' },
};

t.test('what comes after the token was revoked does not leave, and the refusal has its line', async (t) => {
  const { lines, ask } = await revokedMeanwhile(t);
  const answer = await ask();
  t.equal(answer.statusCode, 401);
  t.notMatch(answer.body, 'insee_etablissement');
  t.match(lines, [REFUSED]);
});

t.test('as events neither', async (t) => {
  const { lines, ask } = await revokedMeanwhile(t);
  const { body } = await ask({ accept: 'text/event-stream' });
  const events = [...body.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
  t.strictSame(events, ['probleme']);
  t.match(lines.at(-1), REFUSED);
});
