import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import t, { type Test } from 'tap';
import { emptyFolder } from '../helpers/databases.ts';
import { nodeProgram } from '../helpers/node-program.ts';
import { startPostgres } from '../helpers/postgres-server.ts';

interface Ended {
  code: number;
  out: string;
  err: string;
}

type Run = (...args: string[]) => Promise<Ended>;

function runnerOf(env: Record<string, string>): Run {
  return (...args) =>
    new Promise((resolve) => {
      const options = { env: { ...process.env, ...env } };
      execFile(...nodeProgram(['src/habilitations/main.ts', ...args]), options, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() }),
      );
    });
}

const GRANT = [
  ...['grant', '--siret', '13002526500013', '--nom', 'Dinum', '--usage', 'marche_public'],
  ...['--base-legale', 'CCP R2143-13', '--contact', 'marches@example.org'],
];

async function grantWith(run: Run, ...more: string[]): Promise<string> {
  const { out } = await run(...GRANT, ...more);
  return /accordée : (\S+)/.exec(out)?.[1] ?? '';
}

async function lifeOf(t: Test, run: Run): Promise<void> {
  t.match((await run('list')).out, 'Aucune habilitation');
  const id = await grantWith(run, '--reseaux', '192.0.2.0/24', '--familles', 'urssaf=3', '--debit', '60');
  t.match((await run('list')).out, new RegExp(`^${id}  13002526500013  marche_public`));
  const first = (await run('token', id)).out;
  t.match(first, /^ey[\w-]+\.[\w-]+\.[\w-]+$/, 'the token alone, to be put where it is needed');
  t.match((await run('secret', id)).out, /^client_id +\S+\nclient_secret +[\w-]{43}$/);
  const sheet = (await run('show', id)).out;
  for (const shown of ['192.0.2.0/24', '60/min ; urssaf 3/min', 'CCP R2143-13', 'jeton ', 'secret ']) {
    t.match(sheet, shown);
  }
  t.notMatch(sheet, first);
  const rotated = await run('rotate', id, '--maintenant');
  t.match(rotated.out, /^jeton +ey\S+\nclient_secret +\S+$/);
  t.equal(
    ((await run('show', id)).out.match(/expiré le/g) ?? []).length,
    2,
    'the old token and the old secret',
  );
  t.match((await run('revoke', id)).out, /^Révoqué/);
  t.match((await run('list')).out, /révoqué le/);
  t.match(await run('token', id), { code: 2, err: /révoquée/ });
  t.match(await run('revoke', id), { code: 2, err: /déjà révoqué/ });
}

t.test('the life of a habilitation, in a file', async (t) => {
  const DATA_DIR = join(emptyFolder(t), 'data');
  await lifeOf(t, runnerOf({ DATA_DIR }));
  t.equal(statSync(join(DATA_DIR, 'signing-key.json')).mode & 0o777, 0o600);
});

t.test('the life of a habilitation, in Postgres', async (t) => {
  const { url: DATABASE_URL } = await startPostgres(t);
  await lifeOf(t, runnerOf({ DATA_DIR: emptyFolder(t), DATABASE_URL }));
});

t.test('what cannot be understood is explained in French, and the exit code says so', async (t) => {
  const run = runnerOf({ DATA_DIR: emptyFolder(t) });
  const cases: [string[], RegExp][] = [
    [['accorder'], /« accorder » n'existe pas. Commandes : grant, list/],
    [['grant'], /--siret[\s\S]*--nom[\s\S]*--base-legale[\s\S]*--contact/],
    [[...GRANT, '--siret', '12345678901234'], /--siret : un SIRET/],
    [[...GRANT, '--usage', 'curiosite'], /--usage : un de : marche_public/],
    [[...GRANT, '--audience', 'entreprise'], /--usage : aucun/],
    [[...GRANT, '--reseaux', '10.0.0.0'], /--reseaux : un réseau/],
    [[...GRANT, '--reseaux', '10.0.0.0/33'], /--reseaux : un réseau/],
    [[...GRANT, '--sources', 'rien'], /--sources : des sources du catalogue/],
    [[...GRANT, '--familles', 'urssaf'], /--familles/],
    [[...GRANT, '--debit', '0'], /--debit attend un nombre/],
    [[...GRANT, '--expire', 'demain'], /--expire : un instant/],
    [[...GRANT, '--expire', '2020-01-01'], /déjà passé/],
    [[...GRANT, '--clients', '13002526500013'], /--editeur/],
    [[...GRANT, '--couleur', 'bleu'], /--couleur n'existe pas/],
    [['token'], /Il manque l'identifiant/],
    [['token', 'inconnue'], /Aucune habilitation inconnue/],
    [['show', 'a', 'b'], /« b » est de trop/],
  ];
  for (const [args, explained] of cases) {
    const { code, out, err } = await run(...args);
    t.equal(code, 2, args.join(' '));
    t.match(err, explained);
    t.equal(out, '');
    t.notMatch(err, /\n +at |Invalid input|expected/, 'neither a stack nor English');
  }
  t.match(await run('aide'), { code: 0, out: /rotate +signature/ });
});

t.test('a public key is taken, a private one is not', async (t) => {
  const folder = emptyFolder(t);
  const run = runnerOf({ DATA_DIR: folder });
  const id = await grantWith(run);
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const file = join(folder, 'cle.jwk');
  const take = async (text: string) => {
    writeFileSync(file, text);
    return run('cle', id, file);
  };
  t.match(await take(JSON.stringify(await exportJWK(publicKey))), { code: 0, out: /enregistrée/ });
  t.match(await take(JSON.stringify(await exportJWK(privateKey))), { code: 2, err: /clé privée/ });
  t.match(await take('{"kty":"oct"}'), { code: 2, err: /JWK/ });
});

t.test('a database that does not answer is said so, by an exit code of its own', async (t) => {
  const run = runnerOf({ DATA_DIR: emptyFolder(t), DATABASE_URL: 'postgres://x:secret@127.0.0.1:1/x' });
  const { code, err } = await run('list');
  t.equal(code, 3);
  t.match(err, /base de données ne répond pas/);
  t.notMatch(err, 'secret');
});
