import type { ChainArchive } from './chain-store.ts';
import { piecesIn } from './pieces.ts';
import { openingSchema } from './seal-line.ts';

/** A line with the names of its pieces; what is no line says so. */
export type ExportedLine = Record<string, unknown> & { chaine: string };

/** Every line of these months, in the order of chains: bounded memory, whatever the size. */
export async function* exported(
  archive: ChainArchive,
  months: readonly string[],
): AsyncGenerator<ExportedLine> {
  for (const month of months) {
    for (const chaine of await archive.chains(month)) {
      let sources: readonly string[] = [];
      for await (const stored of archive.read(chaine)) {
        if (stored.kind === 'torn') continue;
        const line = stored.kind === 'line' ? parse(stored.text) : null;
        if (!line || stored.kind !== 'line') {
          yield { chaine, illisible: true };
          continue;
        }
        sources = openingSchema.safeParse(line).data?.sources ?? sources;
        yield { chaine, ...withNames(line, sources), empreinte: stored.hash };
      }
    }
  }
}

/** Pieces by their names rather than by their places in the list that the chain opens with. */
export function withNames(
  line: Record<string, unknown>,
  sources: readonly string[],
): Record<string, unknown> {
  const { quoi } = line as { quoi?: { conservees: string; demandees: string } };
  if (!quoi) return line;
  const { conservees, demandees } = quoi;
  const named = { conservees: piecesIn(conservees, sources), demandees: piecesIn(demandees, sources) };
  return { ...line, quoi: { ...quoi, ...named } };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
