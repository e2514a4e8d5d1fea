import type { Pieces } from '../dossier/assemble.ts';
import type { Piece } from '../dossier/piece.ts';
import { GIVERS } from './givers.ts';
import { pointerTo } from './json-pointer.ts';

export const RAISONS = [
  'inconnu',
  'differe',
  'indisponible',
  'en_examen',
  'non_autorise',
  'masque',
  'hors_perimetre',
  'non_demande',
  'type_incompatible',
  'contrainte_non_respectee',
  'contrainte_non_verifiable',
  'pointeur_inconnu',
  'emplacement_non_pris_en_charge',
  'type_refuse_par_le_service',
] as const;

/** Why a field is left to whoever fills the form. */
export interface Unfilled {
  raison: (typeof RAISONS)[number];
  explication: string;
  /** The piece that would give it. */
  source: string | null;
  nouvel_essai_le: string | null;
}

export function unfilled(
  raison: Unfilled['raison'],
  explication: string,
  more: Partial<Unfilled> = {},
): Unfilled {
  return { raison, explication, source: null, nouvel_essai_le: null, ...more };
}

const UNKNOWN =
  "Aucune administration interrogée ne connaît cette valeur ; cela ne dit rien de l'entreprise.";
/** The codes with which the public is told that something is not shown: see the public view of dossiers. */
const HIDDEN = ['diffusion_partielle', 'diffusion_inconnue'];

/** What may still come is told before what will not; that nobody knows it, only once all who could have answered. */
const ORDER: readonly [Unfilled['raison'], (piece: Piece) => boolean][] = [
  ['differe', ({ statut }) => statut === 'differe'],
  ['indisponible', ({ statut }) => statut === 'indisponible'],
  ['en_examen', ({ statut }) => statut === 'en_examen'],
  ['masque', isHidden],
  ['non_autorise', ({ statut }) => statut === 'non_autorise'],
  ['inconnu', ({ statut }) => ['obtenu', 'refuse', 'non_trouve'].includes(statut)],
  ['hors_perimetre', ({ statut }) => statut === 'hors_perimetre'],
  ['non_demande', ({ statut }) => statut === 'non_demande'],
];

function isHidden({ erreur }: Piece): boolean {
  return erreur !== null && HIDDEN.includes(erreur.code);
}

/**
 * Why nothing is where a pointer leads.
 *
 * @param isMasked whether what the company keeps from the public was left out of what its register gives
 */
export function whyUnknown(segments: readonly string[], pieces: Pieces, isMasked: boolean): Unfilled {
  const candidates = giversOf(segments).flatMap((id) => pieces[id] ?? []);
  for (const [raison, holds] of ORDER) {
    const piece = candidates.find(holds);
    if (!piece) continue;
    if (isMasked && (raison === 'inconnu' || raison === 'non_autorise')) break;
    const { source, nouvel_essai_le } = piece;
    return unfilled(raison, sentenceOf(raison, piece), { source, nouvel_essai_le });
  }
  if (isMasked) {
    return unfilled(
      'masque',
      "L'entreprise s'oppose à la diffusion de cette valeur : elle n'est pas montrée au public.",
    );
  }
  return unfilled('inconnu', UNKNOWN);
}

function sentenceOf(raison: Unfilled['raison'], { administration, explication, erreur }: Piece): string {
  if (raison === 'inconnu') return UNKNOWN;
  if (raison === 'masque' && erreur) return `${erreur.titre}.`;
  return `${administration} : ${explication}`;
}

function giversOf(segments: readonly string[]): readonly string[] {
  const [section, key = ''] = segments;
  return section === 'pieces' ? [key] : (GIVERS[pointerTo(segments.slice(0, 2))] ?? []);
}
