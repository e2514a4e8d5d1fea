import { globSync, readFileSync } from 'node:fs';
import t from 'tap';

const page = readFileSync('docs/security.md', 'utf8');
const [, stride = ''] = /## STRIDE\n\n([\s\S]*?)\n\n## /.exec(page) ?? [];
/** Without the head of the table and the line below it. */
const rows = stride
  .split('\n')
  .slice(2)
  .map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

t.test('each line of the threat model names tests that are there', async (t) => {
  t.ok(rows.length > 30, 'the table is really read');
  t.strictSame([...new Set(rows.map(([letter]) => letter))].join(''), 'STRIDE');
  for (const [, threat = '', , cell = ''] of rows) {
    for (const named of cell.split('<br>')) {
      const [, file = '', name = ''] = /^`(test\/[\w/-]+\.test\.ts)`: (.+)$/.exec(named) ?? [];
      t.ok(file, `${threat}: ${named}`);
      const names = new Set(namesIn(file));
      t.ok(names.has(name), `${file}: ${name}`);
    }
  }
});

function namesIn(file: string): string[] {
  const code = readFileSync(file, 'utf8');
  return [...code.matchAll(/\bt\.test\(\s*'([^'\n]+)'/g)].map(([, name = '']) => name);
}

t.test('every risk of the OWASP list and every chapter of the ASVS has its line', async (t) => {
  for (let risk = 1; risk <= 10; risk++) t.match(page, new RegExp(`^\\| API${risk} .+ \\| .+ \\|$`, 'm'));
  for (let chapter = 1; chapter <= 17; chapter++)
    t.match(page, new RegExp(`^\\| V${chapter} .+ \\| .+ \\|$`, 'm'));
});

/** A secret, or what it is recognised by, beside a comparison that stops at the first letter that differs. */
const HASTY =
  /\b(?:\w+\.)*(?:authorization|secret|proof|digest|signature|token|password)\s*[!=]==(?!\s*(?:undefined|null|'|"))|[!=]==\s*(?:\w+\.)*(?:authorization|secret|proof|digest|token|password)\b/;

t.test('secrets are compared in a time that tells nothing', async (t) => {
  t.match('if (given.secret === expected) {', HASTY);
  t.match('last?.authorization === authorization', HASTY);
  const files = globSync([
    'src/access/**/*.ts',
    'src/plugins/**/*.ts',
    'src/habilitations/**/*.ts',
    'src/routes/oauth-token.ts',
  ]);
  t.ok(files.length > 20);
  for (const file of files) {
    const hasty = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => HASTY.test(line));
    t.strictSame(hasty, [], file);
  }
  const comparing = files.filter((file) => readFileSync(file, 'utf8').includes('timingSafeEqual('));
  t.strictSame(comparing.sort(), [
    'src/access/client-credentials.ts',
    'src/access/recognise.ts',
    'src/plugins/access-gate.ts',
  ]);
});
