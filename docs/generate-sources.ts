import { writeFileSync } from 'node:fs';
import { USAGES } from '../src/dossier/usage.ts';
import { catalog } from '../src/sources/catalog.ts';
import { QUOTAS, type Source } from '../src/sources/source.ts';
import { usages } from '../src/usages/usages.ts';

/** `docs/sources.md`: whom the gateway asks, for which usage, as the declarations say. */
export function sourcesPage(): string {
  const head = ['Source', 'Administration', 'Pièce', 'Par', 'Données', 'Quota / min', 'Délai', ...USAGES];
  return `# Les sources

Page écrite par \`npm run generate\` à partir de \`src/sources/\` et \`src/usages/\`. Une croix : la source peut être
interrogée pour cet usage ; sinon sa pièce est \`non_demande\`.

${row(head)}${row(head.map(() => '---'))}${catalog.map(rowOf).join('')}
## Périmètres

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

export const SOURCES_FILE = new URL('sources.md', import.meta.url);

if (import.meta.main) writeFileSync(SOURCES_FILE, sourcesPage());
