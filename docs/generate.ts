import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { USAGES } from '../src/dossier/usage.ts';
import { catalog } from '../src/sources/catalog.ts';
import { QUOTAS, type Source } from '../src/sources/source.ts';
import type { UsageDefinition, When } from '../src/usages/usage-definition.ts';
import { usages } from '../src/usages/usages.ts';

/** `docs/sources.md`: whom the gateway asks, for which usage, as the declarations say. */
function sourcesPage(): string {
  const head = [
    'source',
    'administration',
    'piece',
    'by',
    'data',
    'PDF',
    'calls a minute',
    'timeout',
    ...USAGES,
  ];
  return `# The sources

Written by \`npm run generate\` from \`src/sources/\` and \`src/usages/\`. A cross: the source may be asked for that
usage; otherwise its piece is \`non_demande\`. \`PDF\`: the piece has a document ([documents.md](documents.md)).

${row(head)}${row(head.map(() => '---'))}${catalog.map(rowOf).join('')}
## Perimeters

${catalog.map(({ id, perimetre }) => `- **${id}** : ${perimetre}\n`).join('')}
## Not covered

What API Entreprise has, and the gateway does not ask:

- **Acts and accounts filed with the INPI** (\`inpi/rne/…/actes_bilans\`), although tenders, aid and the socle may ask for them: a company
  has many, each behind a link of its own that dies within an hour, and a piece has one document. Figures come from DGFiP
  and the Banque de France; the files themselves are to be read at the INPI, where they are public.
- **Beneficial owners** (\`inpi/rne/…/beneficiaires_effectifs\`): forbidden to these usages (CMF, article L561-46).
- **Crafts register** (\`cma_france/rnm\`) and **associations of the Interior** (\`ministere_interieur/rna\`): deprecated; the RNE and
  DJEPVA took over.
- **Other views of Insee** (\`diffusibles\`, \`siege_social\`, \`adresse\`): the establishment holds its address, the dossier of
  the head office's SIRET what concerns it, and what the public may be shown is drawn from the protected answers.
- **Documents of associations and of Qualifelec**: the answers are read, their files are not fetched.
`;
}

function rowOf(source: Source): string {
  const { id, administration, libelle, identifiant, opening, document, quota, timeoutMs } = source;
  const uses = USAGES.map((usage) => (usages[usage].permitted.some((one) => one.id === id) ? '✕' : ''));
  const perMinute = `${QUOTAS[quota].perMinute} (${quota})`;
  return row([
    `\`${id}\``,
    administration,
    libelle,
    identifiant,
    opening,
    document ? '✕' : '',
    perMinute,
    `${timeoutMs / 1000} s`,
    ...uses,
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

/** `docs/usages.md`: what each usage asks and examines, and on what grounds, as the data say. */
function usagesPage(): string {
  return `# The usages

Written by \`npm run generate\` from \`src/usages/\` and \`src/sources/\`. A source that a usage does not list is never asked
for it. Without stages or natures of its own, a line holds for all of them.

${Object.values(usages).map(usageSection).join('\n')}
## Who is left unasked

Rules by which a source surely does not cover a company, judged on what Insee says of it: its piece is then
\`hors_perimetre\`. Why there are no others is told in [0015](decisions/0015-asked-in-turn.md).

${catalog.flatMap(({ id, exclusions }) => exclusions.map(({ regle }) => `- **${id}** : ${regle}\n`)).join('')}`;
}

function usageSection(usage: UsageDefinition): string {
  const { id, libelle, permitted, requirements, defaultEtape, documentsDays } = usage;
  const stages = defaultEtape === null ? '' : `Stage by default: \`${defaultEtape}\`.\n\n`;
  const documents = `A document can be read again for ${documentsDays} days after the last dossier that carried it.\n\n`;
  const sources = permitted.map(({ id, base_legale, btp, ...when }) =>
    row([`\`${id}\``, ...whenCells(when, btp), base_legale]),
  );
  const examined = requirements.map(({ exigence, base_legale, ...when }) =>
    row([`\`${exigence}\``, ...whenCells(when), base_legale]),
  );
  const table = (what: string, rows: string[]) =>
    `${row([what, 'étapes', 'natures', 'base légale'])}${row(['---', '---', '---', '---'])}${rows.join('')}`;
  const findings = examined.length === 0 ? 'Nothing is examined.\n' : table('exigence', examined);
  return `## ${libelle} (\`${id}\`)\n\n${stages}${documents}${table('source', sources)}\n${findings}`;
}

/** @param btp whether, when the nature is unknown, only companies of the building trades are asked about */
function whenCells({ etapes = [], natures = [] }: When, btp = false): string[] {
  const builders = natures.length > 0 ? 'sans nature, entreprises du BTP' : 'entreprises du BTP';
  return [etapes.join(', '), [natures.join(', '), btp ? builders : ''].filter(Boolean).join(' ; ')];
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
  { file: new URL('usages.md', import.meta.url), render: usagesPage },
  { file: new URL('personas.md', import.meta.url), render: personasPage },
];

if (import.meta.main) {
  for (const { file, render } of PAGES) writeFileSync(file, render());
}
