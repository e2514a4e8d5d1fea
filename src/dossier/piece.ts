import { z } from 'zod';
import type { Alerte } from './alerte.ts';
import { inOnePiece } from './in-one-piece.ts';
import {
  erreurSchema,
  type Fact,
  isFact,
  isFailure,
  type Outcome,
  type Period,
  periodSchema,
  type Statut,
} from './outcome.ts';
import type { Siren, Siret } from './siret.ts';
import type { Day } from './time.ts';
import type { Unified } from './unified.ts';
import type { Usage } from './usage.ts';

export const STATUTS = [
  'obtenu',
  'refuse',
  'en_examen',
  'non_trouve',
  'hors_perimetre',
  'indisponible',
  'differe',
  'non_autorise',
  'non_demande',
] as const satisfies Statut[];

const instant = z.iso.datetime().nullable();

/** The contract's piece, around the data of one source. */
export function pieceSchema<D extends z.ZodType>(donnees: D) {
  return z.object({
    source: z.string(),
    administration: z.string(),
    libelle: z.string(),
    statut: z.enum(STATUTS),
    explication: z.string().describe('Une phrase que comprend un acheteur'),
    donnees: donnees.nullable(),
    obtenu_le: instant.describe(
      'Quand la source a répondu ; ne change pas tant que la réponse est conservée',
    ),
    perime: z
      .boolean()
      .describe('Vrai quand la réponse est servie bien que périmée, la source ne répondant pas'),
    validite: periodSchema.extend({ etat: z.enum(['valide', 'expiree', 'inconnue']) }),
    document: z
      .object({ href: z.string(), type: z.string(), sha256: z.string(), taille: z.int() })
      .nullable()
      .describe('Document conservé par la passerelle ; taille en octets'),
    nouvel_essai_le: instant,
    erreur: erreurSchema.nullable(),
  });
}
export type Piece = z.infer<ReturnType<typeof pieceSchema<z.ZodUnknown>>>;

/** What a dossier needs to know of a source to speak of it. */
export interface SourceDescription {
  id: string;
  administration: string;
  libelle: string;
  /** Sentences that say better than the common ones what a statut means for this source. */
  explications: Partial<Record<Statut, string>>;
  /** The unified values this source's data gives, where it gives any. */
  unify(donnees: unknown): Unified;
  alertes(donnees: unknown): Alerte[];
  /** What a reader must be told when this source, of all sources, gives such an answer. */
  alertesByStatut: Partial<Record<Statut, Alerte>>;
}

const EXPLICATIONS: Record<Statut, string> = {
  obtenu: 'La source a donné les informations demandées.',
  refuse: "La source indique que l'entreprise ne remplit pas ses obligations à son égard.",
  en_examen: "La source examine encore la situation de l'entreprise : ce n'est ni un refus, ni une panne.",
  non_trouve: "La source ne connaît pas l'entreprise ou ne la couvre pas : cela ne dit rien de sa situation.",
  hors_perimetre: "La source ne couvre pas cette entreprise ; elle n'a pas été interrogée.",
  indisponible: "La source n'a pas donné de réponse exploitable : cela ne dit rien de l'entreprise.",
  differe: "La réponse n'est pas encore arrivée ; elle sera dans le dossier lors d'un prochain appel.",
  non_autorise:
    "Les droits de l'appelant ou de la passerelle, ou la loi, ne permettent pas cette consultation.",
  non_demande: "Cette source n'est pas utile à l'usage déclaré ; elle n'a pas été interrogée.",
};

/** Of which dossier a piece is. */
export interface PieceOwner {
  siret: Siret;
  usage: Usage;
  /** The company that heads the tax group, where the piece is about her. */
  mere?: Siren | null;
}

export const DOCUMENT_TYPE = 'application/pdf';
const MISSING = " Le document lui-même n'a pas pu être récupéré : un nouvel essai suivra.";

/** @param perime whether the outcome was kept and is given although no longer fresh */
export function pieceOf(
  source: SourceDescription,
  outcome: Outcome,
  { today, perime = false, owner }: { today: Day; perime?: boolean; owner: PieceOwner },
): Piece {
  const fact = isFact(outcome) ? outcome : null;
  const period = fact?.validite ?? { du: null, au: null };
  return {
    source: source.id,
    administration: source.administration,
    libelle: source.libelle,
    statut: outcome.statut,
    explication: explicationOf(source, outcome),
    donnees: fact?.donnees ?? null,
    obtenu_le: fact?.obtenu_le ?? null,
    perime,
    validite: { ...period, etat: validityOn(today, period) },
    document: fact ? documentOf(source, fact, owner) : null,
    nouvel_essai_le: isFact(outcome) || isFailure(outcome) ? outcome.nouvel_essai_le : null,
    erreur: isFact(outcome) || isFailure(outcome) ? outcome.erreur : null,
  };
}

function explicationOf(source: SourceDescription, outcome: Outcome): string {
  if ('regle' in outcome && outcome.regle) return outcome.regle;
  const explication = source.explications[outcome.statut] ?? EXPLICATIONS[outcome.statut];
  return isFact(outcome) && outcome.document === 'manquant' ? inOnePiece(explication + MISSING) : explication;
}

/** Its address says which dossier it is read for: who may not read that one may not read it. */
function documentOf(
  { id }: SourceDescription,
  { document }: Fact,
  { siret, usage, mere }: PieceOwner,
): Piece['document'] {
  if (!document || document === 'manquant') return null;
  const { sha256, taille } = document;
  return {
    href: inOnePiece(
      `/v1/dossiers/${siret}/documents/${id}/${sha256}?usage=${usage}${mere ? `&mere=${mere}` : ''}`,
    ),
    type: DOCUMENT_TYPE,
    sha256,
    taille,
  };
}

/** A proof without an end is not known to be valid; one that has not begun is not valid either. */
export function validityOn(day: Day, { du, au }: Period): 'valide' | 'expiree' | 'inconnue' {
  if (au !== null && au < day) return 'expiree';
  if (au === null || (du !== null && du > day)) return 'inconnue';
  return 'valide';
}
