import type { Asked } from '../collection/ask-source.ts';
import type { Collect, Collected } from '../collection/collect.ts';
import { ownerOf } from '../documents/archive.ts';
import type { HoldDocuments } from '../documents/hold-documents.ts';
import { type Answered, assemble, isUnknown } from '../dossier/assemble.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { isFact, notAllowed, notNeeded, type StoredDocument } from '../dossier/outcome.ts';
import { type Piece, type PieceOwner, pieceOf } from '../dossier/piece.ts';
import type { Siren } from '../dossier/siret.ts';
import { type Day, dayOf } from '../dossier/time.ts';
import { catalog } from '../sources/catalog.ts';
import type { Source } from '../sources/source.ts';
import { isOfMother, motherIn, wantedBy } from '../usages/wanted.ts';
import type { DossierQuestion } from './dossier-question.ts';
import { publicViewOf } from './public-view.ts';
import { usageViewOf, viewOf } from './usage-view.ts';

export interface Constituted {
  /** Null when every source answered that it does not know the company. */
  dossier: Dossier | null;
  collected: Collected;
  /** The company that heads the tax group, where pieces are about her. */
  mere: string | null;
  /** On which the validities were judged, by Paris time. */
  today: Day;
}

export interface ConstituteOptions {
  collect: Collect;
  now: () => number;
  hold: HoldDocuments;
  /** Told of each answer in a dossier, and how old it is, in milliseconds. */
  onServed?(source: string, ageMs: number, perime: boolean): void;
}

/** Until what was hidden for want of an answer may be asked for again. */
const HIDDEN_MS = 60_000;
const NOT_GRANTED = notAllowed('habilitation', "L'habilitation de l'appelant ne couvre pas cette source");

export type Constitute = (
  question: DossierQuestion,
  options?: { traceparent?: string | undefined; onPiece?: (piece: Piece) => void },
) => Promise<Constituted>;

/** Asks the sources that the usage needs, and assembles what they answer. */
export function createConstitute({ collect, now, hold, onServed }: ConstituteOptions): Constitute {
  function tellAges(collected: Collected): void {
    for (const [source, { outcome, perime }] of collected) {
      if (isFact(outcome)) onServed?.(source, now() - Date.parse(outcome.obtenu_le), perime);
    }
  }

  return async (question, { traceparent, onPiece } = {}) => {
    const { siret, siren, usage, procedure, tracing, refresh, waitMs, rights } = question;
    const today = dayOf(now());
    const date = question.date ?? today;
    const wanted = wantedBy(usage, { siren, procedure, today });
    const withheld = new Set(wanted.map(({ source }) => source.id).filter((id) => !rights.sources.has(id)));
    const tellPiece = onPiece && pieceListener({ siret, usage: usage.id }, date, onPiece);
    const all = await collect({
      subject: { siret, siren, today },
      sources: wanted.filter(({ source }) => rights.sources.has(source.id)),
      tracing,
      refresh,
      waitMs,
      traceparent,
      // What the public may be shown of a piece depends on the others.
      ...(tellPiece &&
        !rights.isPublic && {
          onAsked: (source, asked) => tellPiece(source, viewOf(source, asked, usage)),
        }),
    });
    tellAges(all);
    const asked = usageViewOf(all, usage);
    const collected = rights.isPublic ? publicViewOf(asked, now() + HIDDEN_MS) : asked;
    const mere = motherAsked(asked, siren);
    await hold(
      siren,
      usage.id,
      documentsIn(collected, (id) => !isOfMother(id)),
    );
    if (mere) await hold(ownerOf(siren, mere), usage.id, documentsIn(collected, isOfMother));
    const answered = catalog.map((source) => ({
      ...answeredOf(source, withheld, collected.get(source.id)),
      mere: isOfMother(source.id) ? mere : null,
    }));
    if (tellPiece && rights.isPublic) tellPieces(collected, tellPiece);
    const allowed = answered.filter(({ outcome }) => outcome !== NOT_GRANTED);
    return {
      dossier: isUnknown(allowed) ? null : dossierOf(question, answered, { date, today }),
      collected,
      mere,
      today,
    };
  };
}

function answeredOf(source: Source, withheld: ReadonlySet<string>, asked: Asked | undefined): Answered {
  const unasked = withheld.has(source.id) ? NOT_GRANTED : notNeeded;
  return { source, outcome: asked?.outcome ?? unasked, perime: asked?.perime ?? false };
}

function tellPieces(collected: Collected, tell: (source: Source, asked: Asked) => void): void {
  for (const source of catalog) {
    const asked = collected.get(source.id);
    if (asked) tell(source, asked);
  }
}

function* documentsIn(
  collected: Collected,
  isSought: (id: string) => boolean,
): Iterable<[source: string, document: StoredDocument]> {
  for (const [id, { outcome }] of collected) {
    const document = isFact(outcome) && isSought(id) ? outcome.document : undefined;
    if (document && document !== 'manquant') yield [id, document];
  }
}

/** Null when no source was asked about a mother company. */
export function motherAsked(collected: Collected, siren: Siren): Siren | null {
  const isAsked = [...collected].some(([id, { from }]) => isOfMother(id) && from !== 'rule');
  return isAsked ? motherIn(new Map([...collected].map(([id, { outcome }]) => [id, outcome])), siren) : null;
}

/** A source that turned out to be of no use has no answer to tell. */
function pieceListener(owner: PieceOwner, date: Day, onPiece: (piece: Piece) => void) {
  return (source: Source, { outcome, perime }: Asked) => {
    if (outcome.statut !== 'non_demande') onPiece(pieceOf(source, outcome, { today: date, perime, owner }));
  };
}

function dossierOf(
  { siret, usage, procedure, date: given }: DossierQuestion,
  answered: Answered[],
  days: { date: Day; today: Day },
): Dossier {
  return assemble({
    siret,
    usage: usage.id,
    parameters: {
      etape: procedure.etape === usage.defaultEtape ? null : procedure.etape,
      nature: procedure.nature,
      date: given,
    },
    answered,
    today: days.date,
    examine: (pieces, sections, alertes) => usage.examine({ pieces, sections, alertes, procedure, ...days }),
  });
}
