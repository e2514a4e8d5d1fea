import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import satisfies from 'spdx-satisfies';
import t from 'tap';

/** Licences whose terms a work under EUPL-1.2 can keep, delivered with it or used to build it. */
const ALLOWED = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
];
/** Lists of names, used by tests only. */
const ALLOWED_FOR_TESTS = [...ALLOWED, 'CC-BY-3.0'];

/** Packages that do not say their licence in their declaration: what their file of licence says. */
const BY_FILE: Record<string, RegExp> = {
  'node_modules/png-js/LICENSE': /^MIT License/,
  'node_modules/jsonc-simple-parser/license': /^(The )?MIT License/,
};

interface Locked {
  license?: string;
  dev?: boolean;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};
const byFile = new Set(Object.keys(BY_FILE).map(dirname));
const locked = Object.entries(packages).filter(([path]) => path !== '');

t.test('every package that is installed has a licence that ours can live with', async (t) => {
  t.ok(locked.length > 200, 'packages are really read');
  for (const [path, { license, dev }] of locked) {
    if (license === undefined) t.ok(byFile.has(path), `${path} says none`);
    else t.ok(satisfies(license, dev ? ALLOWED_FOR_TESTS : ALLOWED), `${path}: ${license}`);
  }
});

t.test('what a package does not declare, its file says', async (t) => {
  for (const [path, expected] of Object.entries(BY_FILE)) {
    t.match(readFileSync(path, 'utf8').trim(), expected, path);
  }
});

t.test('a licence that takes our freedom away would be seen', async (t) => {
  for (const one of ['GPL-3.0-only', 'AGPL-3.0-or-later', 'BUSL-1.1', 'MIT AND SSPL-1.0'])
    t.notOk(satisfies(one, ALLOWED_FOR_TESTS), one);
  t.ok(satisfies('(WTFPL OR MIT)', ALLOWED));
});
