import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { PAGES } from '../docs/generate.ts';
import { FILES } from '../openapi/generate.ts';
import { SAMPLE_SIRETS } from '../src/plugins/openapi-examples.ts';
import { PROBLEMS } from '../src/problems.ts';

t.test('the committed example and OpenAPI document are what the gateway answers and declares', async (t) => {
  for (const { file, render } of FILES)
    t.equal(readFileSync(file, 'utf8'), await render(), 'run: npm run generate');
});

t.test('the committed pages of sources and of mocked companies are what is declared', async (t) => {
  for (const { file, render } of PAGES)
    t.equal(readFileSync(file, 'utf8'), render(), 'run: npm run generate');
});

t.test(
  'every sample that Swagger UI offers is a mocked company, or says that any SIRET will do',
  async (t) => {
    const personas = readFileSync('docs/personas.md', 'utf8');
    const unknown = Object.entries(SAMPLE_SIRETS).filter(([siret]) => !personas.includes(siret));
    t.match(unknown, [[String, /^Tout autre SIRET/]]);
  },
);

t.test('each problem type has its page, and each page its type', async (t) => {
  const pages = readdirSync('docs/problems').map((file) => file.replace(/\.md$/, ''));
  t.strictSame(pages.sort(), Object.keys(PROBLEMS).sort());
  for (const [slug, { title, status }] of Object.entries(PROBLEMS)) {
    const page = readFileSync(`docs/problems/${slug}.md`, 'utf8');
    t.ok(page.startsWith(`# ${title}\n`), `${slug} has its title`);
    t.ok(page.includes(`\`${status}\` · \`/problemes/${slug}\``), `${slug} has its status and address`);
  }
});
