import { assemble } from '../../src/dossier/assemble.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { type Fact, notNeeded, type Outcome } from '../../src/dossier/outcome.ts';
import type { Siret } from '../../src/dossier/siret.ts';
import type { Usage } from '../../src/dossier/usage.ts';
import { catalog, type SourceId } from '../../src/sources/catalog.ts';
import type { Procedure } from '../../src/usages/procedure.ts';
import { usages } from '../../src/usages/usages.ts';
import { rich } from '../end-to-end/genuine/rich.ts';
import { factFor, subjectOf } from './answer.ts';
import { SIRET } from './app.ts';

/** Day on which the answers of `obtained` were given. */
export const TODAY = '2026-11-23';

export interface Given {
  outcome: Outcome;
  /** Whether it is stale. */
  perime: boolean;
}

export interface World {
  given: Partial<Record<string, Given>>;
  usage?: Usage;
  procedure?: Partial<Procedure>;
  /** Day examined. */
  date?: string;
}

const about = { ...subjectOf(), today: TODAY };

/** What a source genuinely answers about a company that is in order, by source. */
const obtainedById = new Map(
  catalog.map((source) => {
    const id = source.id.replace('_mere', '') as keyof typeof rich;
    return [source.id, factFor(source, 200, rich[id](about), { ...about, mere: about.siren })];
  }),
);

/** @param data changes to what it states, in our words */
export function obtained(id: SourceId, data: object = {}, more: Partial<Fact> = {}): Given {
  const genuine = obtainedById.get(id) as Fact;
  const donnees = { ...(genuine.donnees as object), ...data };
  return { outcome: { ...genuine, donnees, ...more }, perime: false };
}

export function stale({ outcome }: Given): Given {
  return { outcome, perime: true };
}

export function stated(statut: Fact['statut']): Given {
  const [obtenu_le, validite] = [`${TODAY}T10:00:00Z`, { du: null, au: null }];
  return {
    outcome: { statut, donnees: null, validite, erreur: null, obtenu_le, nouvel_essai_le: null },
    perime: false,
  };
}

/** What is read of the dossier of a usage made of what some sources gave; the others were not asked. */
export function examined(world: World): Dossier['data'] {
  return dossierOf(world).data;
}

export function dossierOf({ given, usage = 'marche_public', procedure, date = TODAY }: World): Dossier {
  const definition = usages[usage];
  const whole = { etape: definition.defaultEtape, nature: null, ...procedure };
  return assemble({
    siret: SIRET as Siret,
    usage,
    parameters: {},
    answered: catalog.map((source) => {
      const { outcome = notNeeded, perime = false } = given[source.id] ?? {};
      return { source, outcome, perime };
    }),
    today: date,
    examine: (pieces, sections, alertes) =>
      definition.examine({ pieces, sections, alertes, procedure: whole, date, today: TODAY }),
  });
}

/** What one requirement comes to, and what it leaves to ask. */
export function findingOf(exigence: string, world: World) {
  const { constats, a_demander } = examined(world);
  const constat = constats.find((one) => one.exigence === exigence);
  return {
    conclusion: constat?.conclusion,
    motif: constat?.motif,
    pieces: constat?.pieces,
    left: a_demander
      .filter(({ motif }) => constat && motif.includes(constat.motif))
      .map(({ piece }) => piece),
  };
}
