import type { AlerteComplete } from './alerte.ts';
import type { ADemander, Constat, Dossier } from './dossier.ts';
import { inOnePiece } from './in-one-piece.ts';
import { isFact, type Outcome } from './outcome.ts';
import { type Piece, pieceOf, type SourceDescription } from './piece.ts';
import { type Siren, type Siret, sirenOf } from './siret.ts';
import type { Day } from './time.ts';
import type { Sections } from './unified.ts';
import { unify } from './unify.ts';
import type { Usage } from './usage.ts';

/** A source and what came of asking it. */
export interface Answered {
  source: SourceDescription;
  outcome: Outcome;
  /** Whether the outcome is one that was kept, given although no longer fresh. */
  perime: boolean;
  /** The company that heads the tax group, where the source was asked about her. */
  mere?: Siren | null;
}

export type Pieces = Readonly<Record<string, Piece>>;

/** What a usage draws from a dossier: what can be concluded, and what is left to ask of the company. */
export interface Examination {
  constats: Constat[];
  a_demander: ADemander[];
}

export interface Assembling {
  siret: Siret;
  usage: Usage;
  /** Those that the dossier is asked for again with, beside the usage; null when they have their default. */
  parameters: Readonly<Record<string, string | null>>;
  /** In the order of the catalogue, which is the order of precedence of their values. */
  answered: Answered[];
  /** Day on which validities are judged. */
  today: Day;
  examine(pieces: Pieces, sections: Sections, alertes: AlerteComplete[]): Examination;
}

const NIVEAU_ORDER = { critique: 0, attention: 1, information: 2 };

/** The body of a dossier: the same answers on the same day always give the same body. */
export function assemble(assembling: Assembling): Dossier {
  const { siret, usage, parameters, answered, today, examine } = assembling;
  const pieces = Object.fromEntries(
    answered.map(({ source, outcome, perime, mere = null }) => [
      source.id,
      pieceOf(source, outcome, { today, perime, owner: { siret, usage, mere } }),
    ]),
  );
  const known = answered.filter(({ outcome }) => isFact(outcome) && outcome.donnees !== null);
  const { sections, provenance, divergences } = unify(
    known.map(({ source, outcome }) => ({ piece: source.id, values: source.unify(donneesOf(outcome)) })),
  );
  const alertes = sorted([
    ...known.flatMap(alertesOf),
    ...answered.flatMap(alertesOfOutcome),
    ...divergences,
  ]);
  return {
    data: {
      siret,
      siren: sirenOf(siret),
      usage,
      completude: completudeOf(Object.values(pieces)),
      ...sections,
      pieces,
      ...examine(pieces, sections, alertes),
      alertes,
    },
    meta: { constitue_le: lastOf(Object.values(pieces).map((piece) => piece.obtenu_le)), provenance },
    links: { self: addressOf(siret, usage, parameters) },
  };
}

function addressOf(siret: Siret, usage: Usage, parameters: Assembling['parameters']): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  const query = new URLSearchParams([['usage', usage], ...(given as [string, string][])]);
  return inOnePiece(`/v1/dossiers/${siret}?${query}`);
}

/** Whether every source that was asked answered that it does not know the company. */
export function isUnknown(answered: Answered[]): boolean {
  const asked = answered.filter(({ outcome }) => !('regle' in outcome));
  return asked.length > 0 && asked.every(({ outcome }) => outcome.statut === 'non_trouve');
}

/** The gravest first; what several pieces say alike is said once, with all of them, in the fullest words. */
function sorted(alertes: AlerteComplete[]): AlerteComplete[] {
  const bySentence = Map.groupBy(alertes, (alerte) => {
    const fullest = alertes.find((other) => other !== alerte && saysMore(other, alerte)) ?? alerte;
    return `${fullest.code} ${fullest.message}`;
  });
  return [...bySentence.values()]
    .map((alike) => {
      const said = alike.find((one) => alike.every((other) => !saysMore(other, one))) as AlerteComplete;
      return { ...said, message: inOnePiece(said.message), pieces: alike.flatMap(({ pieces }) => pieces) };
    })
    .sort((a, b) => NIVEAU_ORDER[a.niveau] - NIVEAU_ORDER[b.niveau]);
}

/** Whether an alert is the other one with a date, or more, at the end of its sentence. */
function saysMore(alerte: AlerteComplete, other: AlerteComplete): boolean {
  const sentence = other.message.slice(0, -1);
  return (
    alerte.code === other.code &&
    alerte.message !== other.message &&
    alerte.message.startsWith(`${sentence} `)
  );
}

function donneesOf(outcome: Outcome): unknown {
  return isFact(outcome) ? outcome.donnees : null;
}

function alertesOf({ source, outcome }: Answered): AlerteComplete[] {
  return source.alertes(donneesOf(outcome)).map((alerte) => ({ ...alerte, pieces: [source.id] }));
}

/** Alerts that come from how a source answered rather than from what it said. */
function alertesOfOutcome({ source, outcome }: Answered): AlerteComplete[] {
  const pieces = [source.id];
  if ('erreur' in outcome && outcome.erreur?.code === 'identifiant_different') {
    const message = `${source.administration} a répondu pour une autre entreprise : cette réponse est écartée.`;
    return [{ code: 'siren_incoherent', niveau: 'critique', message, pieces }];
  }
  const alerte = source.alertesByStatut[outcome.statut];
  return alerte ? [{ ...alerte, pieces }] : [];
}

function completudeOf(pieces: Piece[]): Dossier['data']['completude'] {
  const waiting = pieces.filter(({ statut }) => statut === 'differe' || statut === 'indisponible');
  const retries = waiting.map((piece) => piece.nouvel_essai_le).filter((instant) => instant !== null);
  return {
    statut: waiting.length === 0 ? 'complet' : 'partiel',
    en_attente: waiting.map((piece) => piece.source),
    prochain_essai_le: retries.sort()[0] ?? null,
  };
}

function lastOf(instants: (string | null)[]): string | null {
  return (
    instants
      .filter((instant) => instant !== null)
      .sort()
      .at(-1) ?? null
  );
}
