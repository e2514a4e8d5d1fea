import type { AlerteComplete } from '../dossier/alerte.ts';
import type { Examination, Pieces } from '../dossier/assemble.ts';
import type { Day } from '../dossier/time.ts';
import type { Sections } from '../dossier/unified.ts';
import type { Usage } from '../dossier/usage.ts';
import type { SourceId } from '../sources/catalog.ts';
import { examine, type Requirement } from './examine.ts';
import { ETAPES, type Etape, NATURES, type Nature, type Procedure } from './procedure.ts';

/** What is known of a company when a usage examines it. */
export interface Known {
  pieces: Pieces;
  sections: Sections;
  alertes: AlerteComplete[];
  procedure: Procedure;
  /** Day on which the requirements are to be met. */
  date: Day;
  /** Day on which they are examined. */
  today: Day;
}

/** When something matters: everywhere, unless a stage or a nature is named. */
export interface When {
  etapes?: readonly Etape[];
  natures?: readonly Nature[];
}

/** A source that a usage may ask, why it may, and when it is of use. */
export interface UsefulSource extends When {
  id: SourceId;
  base_legale: string;
  /** Asked only of companies of the building trades, unless the procedure is one of works. */
  btp?: true;
  /** The usage needs all that the source gives, rather than its `commonPart`. */
  whole?: true;
}

/** Why a body asks, as data. */
export interface UsageData {
  id: Usage;
  /** In the words that API Entreprise and its providers know. Also the `context` passed on by default. */
  libelle: string;
  /** The values that each parameter takes; none when the parameter has no meaning here. */
  etapes: readonly Etape[];
  natures: readonly Nature[];
  defaultEtape: Etape | null;
  /** How long a document can be read again after the last dossier that carried it. The body's own file is its own. */
  documentsDays: number;
  /** Data minimisation: no other source is ever asked for this usage. */
  permitted: readonly UsefulSource[];
  requirements: readonly (Requirement & When)[];
}

/** Why a body asks: what it may ask, and what it draws from the answers. */
export interface UsageDefinition extends UsageData {
  sources(procedure: Procedure): UsefulSource[];
  requirementsOf(procedure: Procedure): Requirement[];
  examine(known: Known): Examination;
}

export function defineUsage(data: UsageData): UsageDefinition {
  const requirementsOf = (procedure: Procedure) =>
    data.requirements.filter((requirement) => matters(requirement, procedure));
  return {
    ...data,
    sources: (procedure) => data.permitted.filter((source) => matters(source, procedure)),
    requirementsOf,
    examine: (known) => examine(requirementsOf(known.procedure), known),
  };
}

/** An unknown nature may be any. */
function matters({ etapes = ETAPES, natures = NATURES }: When, { etape, nature }: Procedure): boolean {
  return (etape === null || etapes.includes(etape)) && (nature === null || natures.includes(nature));
}
