import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tokenizer } from 'acorn';
import { checkSync } from 'recheck';
import t from 'tap';

t.setTimeout(180_000);

interface Literal {
  file: string;
  pattern: string;
  flags: string;
}

/** Read in nothing that comes from outside: what the operator wrote, or digits of our own. */
const INSIDE: Record<string, string> = {
  '/\\/+$/': 'an address of the configuration, or of a declaration',
  '/\\B(?=(\\d{3})+$)/g': 'an amount that the gateway writes',
};

function literalsIn(file: string): Literal[] {
  const code = stripTypeScriptTypes(readFileSync(`src/${file}`, 'utf8'));
  const literals: Literal[] = [];
  for (const token of tokenizer(code, { ecmaVersion: 'latest', sourceType: 'module' })) {
    if (token.type.label !== 'regexp') continue;
    literals.push({ file, ...(token as unknown as { value: Omit<Literal, 'file'> }).value });
  }
  return literals;
}

const literals = globSync('**/*.ts', { cwd: 'src', exclude: ['sandbox/**'] }).flatMap(literalsIn);
const textOf = ({ pattern, flags }: Literal) => `/${pattern}/${flags}`;
const distinct = new Map(literals.map((one) => [textOf(one), one]));

t.test('the check finds what takes time that grows faster than the text', async (t) => {
  for (const pattern of ['^(a+)+$', '^(\\w|\\d)*$', '(x+x+)+y'])
    t.equal(checkSync(pattern, '').status, 'vulnerable', pattern);
  t.equal(checkSync('^[a-z]+$', '').status, 'safe');
});

t.test(
  'no regular expression on data from outside takes a time that grows faster than the text',
  async (t) => {
    t.ok(distinct.size > 60, `${distinct.size} are really read`);
    for (const [text, literal] of distinct) {
      if (Object.hasOwn(INSIDE, text)) continue;
      const { status, ...why } = checkSync(literal.pattern, literal.flags);
      t.equal(status, 'safe', `${literal.file}: ${text}`, { why });
    }
  },
);

t.test('those that are let off are still there', async (t) => {
  for (const text of Object.keys(INSIDE)) t.ok(distinct.has(text), text);
});

t.test('no regular expression is made from a text, but of our own words', async (t) => {
  const makers = globSync('**/*.ts', { cwd: 'src', exclude: ['sandbox/**'] }).filter((file) =>
    /\bRegExp\(/.test(readFileSync(`src/${file}`, 'utf8')),
  );
  t.strictSame(makers, []);
});
