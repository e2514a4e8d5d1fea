import type { Dossier } from '../dossier/dossier.ts';
import { type Demande, isInModel } from './dossier-model.ts';
import { pointerTo, valueAt } from './json-pointer.ts';
import { referencePeriodOf } from './reference-period.ts';
import { type Unfilled, unfilled, whyUnknown } from './unfilled.ts';

/** Where a value comes from, and how old it is. */
export interface Origin {
  origine: 'administration' | 'demande';
  source: string | null;
  administration: string | null;
  obtenu_le: string | null;
  age_secondes: number | null;
  perime: boolean;
  validite: 'valide' | 'expiree' | 'inconnue' | null;
  /** The year, month or end of exercise that the value is of, where its source says it. */
  se_rapporte_a: string | null;
  /** The day on which the source had last brought its register up to date, where it says it. */
  source_a_jour_au: string | null;
}

/** What a form may read: the dossier as the caller is shown it, and his own request. */
export interface DossierReading {
  /** @returns null for a place that no dossier has; the value, or why there is none */
  read(segments: readonly string[]): { value: unknown } | { unfilled: Unfilled };
  originOf(segments: readonly string[]): Origin;
}

export interface DossierReadingOptions {
  dossier: Dossier;
  demande: Demande;
  /** Whether the reader may be anybody. */
  isPublic: boolean;
  nowMs: number;
}

const OF_REQUEST: Origin = {
  origine: 'demande',
  source: null,
  administration: null,
  obtenu_le: null,
  age_secondes: null,
  perime: false,
  validite: null,
  se_rapporte_a: null,
  source_a_jour_au: null,
};

export function createDossierReading(options: DossierReadingOptions): DossierReading {
  const { data, meta } = options.dossier;
  const { siret, siren, identite, fiscal, social, certifications, pieces } = data;
  const root = { siret, siren, identite, fiscal, social, certifications, pieces, demande: options.demande };
  const isMasked = options.isPublic && identite.diffusion !== null && identite.diffusion !== 'diffusible';

  return {
    read(segments) {
      if (!isInModel(segments)) return { unfilled: unfilled('pointeur_inconnu', NO_SUCH_PLACE) };
      const value = valueAt(root, segments) ?? null;
      // What is masked of a list is all of it.
      const isHidden = isMasked && Array.isArray(value) && value.length === 0;
      if (value !== null && !isHidden) return { value };
      if (segments[0] === 'demande') return { unfilled: unfilled('inconnu', 'La demande ne le dit pas.') };
      return { unfilled: whyUnknown(segments, pieces, isMasked) };
    },
    originOf(segments) {
      const piece = pieces[sourceOf(segments, meta.provenance) ?? ''];
      if (!piece) return OF_REQUEST;
      const { source, administration, obtenu_le, perime, validite } = piece;
      const ageMs = obtenu_le === null ? null : Math.max(0, options.nowMs - Date.parse(obtenu_le));
      return {
        origine: 'administration',
        source,
        administration,
        obtenu_le,
        age_secondes: ageMs === null ? null : Math.trunc(ageMs / 1000),
        perime,
        validite: validite.etat,
        se_rapporte_a: referencePeriodOf(root, segments),
        source_a_jour_au: (valueAt(piece, ['donnees', 'mis_a_jour_le']) ?? null) as string | null,
      };
    },
  };
}

const NO_SUCH_PLACE =
  "Aucun dossier n'a de valeur à cet endroit : corrigez le pointeur d'après le schéma Dossier de /openapi.json.";

/** Provenance is told of whole values: what is inside one comes with it. */
function sourceOf(
  segments: readonly string[],
  provenance: Dossier['meta']['provenance'],
): string | undefined {
  return segments[0] === 'pieces' ? segments[1] : provenance[pointerTo(segments.slice(0, 2))];
}
