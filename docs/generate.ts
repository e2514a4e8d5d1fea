import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { USAGES } from '../src/dossier/usage.ts';
import { catalog } from '../src/sources/catalog.ts';
import { QUOTAS, type Source } from '../src/sources/source.ts';
import { usages } from '../src/usages/usages.ts';

/** `docs/sources.md`: whom the gateway asks, for which usage, as the declarations say. */
function sourcesPage(): string {
  const head = ['source', 'administration', 'piece', 'by', 'data', 'calls a minute', 'timeout', ...USAGES];
  return `# The sources

Written by \`npm run generate\` from \`src/sources/\` and \`src/usages/\`. A cross: the source may be asked for that
usage; otherwise its piece is \`non_demande\`.

${row(head)}${row(head.map(() => '---'))}${catalog.map(rowOf).join('')}
## Perimeters

${catalog.map(({ id, perimetre }) => `- **${id}** : ${perimetre}\n`).join('')}`;
}

function rowOf(source: Source): string {
  const { id, administration, libelle, identifiant, opening, quota, timeoutMs } = source;
  const uses = USAGES.map((usage) => ((usages[usage].sources as readonly string[]).includes(id) ? '✕' : ''));
  const perMinute = `${QUOTAS[quota].perMinute} (${quota})`;
  return row([
    `\`${id}\``,
    administration,
    libelle,
    identifiant,
    opening,
    perMinute,
    `${timeoutMs / 1000} s`,
    ...uses,
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

const PERSONAS = new URL('../fixtures/personas/', import.meta.url);

/** `docs/personas.md`: the mocked companies and their stories. */
function personasPage(): string {
  const rows = readdirSync(PERSONAS).map((name) => {
    const persona = JSON.parse(readFileSync(new URL(`${name}/persona.json`, PERSONAS), 'utf8'));
    return row([`\`${persona.siret}\``, persona.nom, `\`${persona.usage}\``, persona.histoire]);
  });
  return `# The mocked companies

Written by \`npm run generate\` from \`fixtures/personas/\`. All are invented; any other valid SIRET answers with an
invented company too, always the same.

${row(['SIRET', 'company', 'usage to try', 'story'])}${row(['---', '---', '---', '---'])}${rows.join('')}`;
}

/** Each generated page, by file. */
export const PAGES: readonly { file: URL; render(): string }[] = [
  { file: new URL('sources.md', import.meta.url), render: sourcesPage },
  { file: new URL('personas.md', import.meta.url), render: personasPage },
];

if (import.meta.main) {
  for (const { file, render } of PAGES) writeFileSync(file, render());
}
