import type { AlerteComplete } from '../dossier/alerte.ts';
import type { Examination, Pieces } from '../dossier/assemble.ts';
import type { Sections } from '../dossier/unified.ts';
import type { Usage } from '../dossier/usage.ts';
import type { SourceId } from '../sources/catalog.ts';

/** What is known of a company when a usage examines it. */
export interface Known {
  pieces: Pieces;
  sections: Sections;
  alertes: AlerteComplete[];
}

/** Why a body asks: what it may ask, and what it draws from the answers. */
export interface UsageDefinition {
  id: Usage;
  /** In the words that API Entreprise and its providers know. Also the `context` passed on by default. */
  libelle: string;
  /** Data minimisation: no other source is ever asked for this usage. */
  sources: readonly SourceId[];
  examine(known: Known): Examination;
}
