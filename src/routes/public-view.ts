import type { Asked } from '../collection/ask-source.ts';
import type { Collected } from '../collection/collect.ts';
import { type Fact, isFact, notAllowed, type Outcome, unavailable } from '../dossier/outcome.ts';
import { catalog } from '../sources/catalog.ts';
import type { PublicPart, Source } from '../sources/source.ts';

const OPPOSED = notAllowed(
  'diffusion_partielle',
  "L'entreprise s'oppose à la diffusion de ses données : elles ne sont pas montrées au public",
);

/** The sources that say whether a company opposes the diffusion of its data. */
const TELLERS = catalog.filter(({ publicPart }) => publicPart !== undefined);

/**
 * What anybody may be shown of what was collected: of the sources that tell whether the company opposes its
 * diffusion, the public part; of the others, everything once all of those say that it does not, else nothing.
 */
export function publicViewOf(collected: Collected, retryAtMs: number): Collected {
  const known = TELLERS.map(
    ({ id, publicPart }) => partOf(collected.get(id)?.outcome, publicPart)?.diffusion,
  );
  const isOpposed = known.some((diffusion) => diffusion !== undefined && diffusion !== 'diffusible');
  const isDiffusible = known.every((diffusion) => diffusion === 'diffusible');
  const unknown = unavailable(
    'diffusion_inconnue',
    "L'Insee n'a pas pu dire si l'entreprise s'oppose à la diffusion de ses données",
    retryAtMs,
  );
  const hidden = isOpposed ? OPPOSED : unknown;
  const view = new Map<string, Asked>();
  for (const [id, asked] of collected) {
    const teller = TELLERS.find((source) => source.id === id);
    const outcome = teller ? shownOf(teller, asked) : isDiffusible ? asked.outcome : hide(asked, hidden);
    view.set(id, { ...asked, outcome: withoutDocument(outcome) });
  }
  return view;
}

function partOf(outcome: Outcome | undefined, publicPart: Source['publicPart']): PublicPart | undefined {
  return outcome && hasData(outcome) ? publicPart?.(outcome.donnees) : undefined;
}

function shownOf({ publicPart }: Source, { outcome }: Asked): Outcome {
  const part = partOf(outcome, publicPart);
  if (!part) return outcome;
  return part.donnees === null ? OPPOSED : { ...(outcome as Fact), donnees: part.donnees };
}

/** What says nothing of the company may be said. */
function hide({ outcome }: Asked, hidden: Outcome): Outcome {
  return hasData(outcome) ? hidden : outcome;
}

/** Documents are for agents: nobody else may read them, nor needs to know that they are kept. */
function withoutDocument(outcome: Outcome): Outcome {
  if (!isFact(outcome) || outcome.document === undefined) return outcome;
  const { document, ...shown } = outcome;
  return shown;
}

function hasData(outcome: Outcome): outcome is Fact {
  return isFact(outcome) && outcome.donnees !== null;
}
