import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { SOURCES_FILE, sourcesPage } from '../docs/generate-sources.ts';
import { OPENAPI_FILE, openapiDocument } from '../openapi/generate.ts';
import { PROBLEMS } from '../src/problems.ts';

t.test('the committed OpenAPI document is what the routes declare', async (t) => {
  t.equal(readFileSync(OPENAPI_FILE, 'utf8'), await openapiDocument(), 'run: npm run generate');
});

t.test('the committed page of sources is what the declarations say', async (t) => {
  t.equal(readFileSync(SOURCES_FILE, 'utf8'), sourcesPage(), 'run: npm run generate');
});

t.test('each problem type has its page, and each page its type', async (t) => {
  const pages = readdirSync('docs/problems').map((file) => file.replace(/\.md$/, ''));
  t.strictSame(pages.sort(), Object.keys(PROBLEMS).sort());
  for (const [slug, { title, status }] of Object.entries(PROBLEMS)) {
    const page = readFileSync(`docs/problems/${slug}.md`, 'utf8');
    t.ok(page.startsWith(`# ${title}\n`), `${slug} has its title`);
    t.ok(page.includes(`\`${status}\` · \`/problemes/${slug}\``), `${slug} has its status and address`);
  }
});
