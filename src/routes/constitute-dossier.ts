import type { Collect, Collected, CollectedAnswer } from '../collection/collect.ts';
import { type Answered, assemble, isUnknown } from '../dossier/assemble.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { notNeeded } from '../dossier/outcome.ts';
import { type Piece, pieceOf } from '../dossier/piece.ts';
import { sirenOf } from '../dossier/siret.ts';
import { type Day, dayOf } from '../dossier/time.ts';
import { catalog } from '../sources/catalog.ts';
import type { Source } from '../sources/source.ts';
import type { DossierQuestion } from './dossier-question.ts';

export interface Constituted {
  /** Null when every source answered that it does not know the company. */
  dossier: Dossier | null;
  collected: Collected;
}

export interface ConstituteOptions {
  collect: Collect;
  now: () => number;
}

export type Constitute = (
  question: DossierQuestion,
  onPiece?: (piece: Piece) => void,
) => Promise<Constituted>;

/** Asks the sources that the usage needs, and assembles what they answer. */
export function createConstitute({ collect, now }: ConstituteOptions): Constitute {
  return async (question, onPiece) => {
    const { siret, usage, tracing, refresh, waitMs } = question;
    const today = dayOf(now());
    const collected = await collect({
      subject: { siret, siren: sirenOf(siret), today },
      sources: catalog.filter(({ id }) => usage.sources.includes(id)),
      tracing,
      refresh,
      waitMs,
      ...(onPiece && { onAsked: pieceListener(today, onPiece) }),
    });
    const answered = catalog.map((source) => ({
      source,
      outcome: collected.get(source.id)?.outcome ?? notNeeded,
    }));
    return { dossier: isUnknown(answered) ? null : dossierOf(question, answered, today), collected };
  };
}

function pieceListener(today: Day, onPiece: (piece: Piece) => void) {
  return (source: Source, { outcome }: CollectedAnswer) => onPiece(pieceOf(source, outcome, today));
}

function dossierOf({ siret, usage }: DossierQuestion, answered: Answered[], today: Day): Dossier {
  return assemble({
    siret,
    usage: usage.id,
    answered,
    today,
    examine: (pieces, sections, alertes) => usage.examine({ pieces, sections, alertes }),
  });
}
