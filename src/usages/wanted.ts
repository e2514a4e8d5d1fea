import type { NotAsked, Outcome } from '../dossier/outcome.ts';
import type { Siren } from '../dossier/siret.ts';
import type { Day } from '../dossier/time.ts';
import { catalog } from '../sources/catalog.ts';
import { companyIn, isBuilder } from '../sources/company.ts';
import type { Source } from '../sources/source.ts';
import { perimeterTurn, type Turn, type Wanted } from '../sources/turn.ts';
import type { Nature, Procedure } from './procedure.ts';
import { membershipOf, motherOf, type TaxTraces } from './tax-group.ts';
import type { UsageDefinition, UsefulSource } from './usage-definition.ts';

/** Of whom the sources are asked, and when. */
export interface Asking {
  siren: Siren;
  procedure: Procedure;
  /** Day in Paris. */
  today: Day;
}

const LIASSES = 'dgfip_liasses_fiscales';
const LIENS = 'dgfip_liens_capitalistiques';
const OF_MOTHER: readonly string[] = ['dgfip_attestation_fiscale_mere', 'dgfip_liasses_fiscales_mere'];

/** Whether what this source tells is about the company that heads the tax group. */
export function isOfMother(sourceId: string): boolean {
  return OF_MOTHER.includes(sourceId);
}

/** The sources that a usage asks for a procedure, each at once or in its turn. */
export function wantedBy(usage: UsageDefinition, asking: Asking): Wanted[] {
  const useful = new Map(usage.sources(asking.procedure).map((one) => [one.id, one]));
  return catalog.flatMap((source) => {
    const use = useful.get(source.id);
    return use ? [{ source, turn: turnOf(source, use, asking) }] : [];
  });
}

function turnOf(source: Source, use: UsefulSource, { siren, procedure, today }: Asking): Turn | null {
  if (isOfMother(source.id)) return motherTurn(siren);
  const perimeter = perimeterTurn(source.exclusions, today);
  return use.btp && !isWorks(procedure.nature) ? builderTurn(perimeter) : perimeter;
}

function isWorks(nature: Nature | null): boolean {
  return nature?.startsWith('travaux') ?? false;
}

const NOT_A_BUILDER: NotAsked = {
  statut: 'non_demande',
  regle:
    "L'entreprise n'exerce pas dans le bâtiment ni les travaux publics, et la demande ne dit pas porter sur des travaux : la source n'a pas été interrogée.",
};

/** Of a procedure that does not say whether it is one of works, the trade of the company decides. */
function builderTurn(perimeter: Turn | null): Turn {
  const inner = perimeter ?? (perimeterTurn([NEVER], '') as Turn);
  return {
    ...inner,
    decide(answers, isFinal) {
      const decision = inner.decide(answers, isFinal);
      const company = decision && companyIn((id) => answers.get(id));
      const isOther = company && company.activities.length > 0 && !isBuilder(company);
      return isOther ? NOT_A_BUILDER : decision;
    },
  };
}
const NEVER = { regle: '', excludes: () => false };

const NO_MOTHER: NotAsked = { statut: 'non_demande', regle: null };

/** The mother company is asked about as soon as the returns and the capital links have named it. */
function motherTurn(siren: Siren): Turn {
  return {
    after: [LIASSES, LIENS],
    canGoFirst: false,
    decide(answers, isFinal) {
      if (!isFinal) return null;
      const mere = motherIn(answers, siren);
      return mere === null ? NO_MOTHER : { mere };
    },
  };
}

/** The mother company that these answers name: sources are asked about her; null when they name none. */
export function motherIn(answers: ReadonlyMap<string, Outcome>, siren: Siren): Siren | null {
  const traces = tracesIn(answers);
  return membershipOf(traces) === 'subsidiary' ? motherOf(traces, siren) : null;
}

function tracesIn(answers: ReadonlyMap<string, Outcome>): TaxTraces {
  const stated = [LIASSES, LIENS].map((id) => {
    const outcome = answers.get(id);
    const source = catalog.find((one) => one.id === id);
    const isTold = outcome?.statut === 'obtenu' && outcome.donnees !== null;
    return isTold ? source?.unify(outcome.donnees).fiscal : undefined;
  });
  const [liasses, liens] = stated;
  return {
    groupe: liasses?.groupe_fiscal ?? null,
    holders: liens?.actionnaires_personnes_morales ?? null,
    // Whoever has filed nothing has no mother to ask about.
    hasFiledNothing: false,
  };
}
