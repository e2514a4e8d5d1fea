import type { RefusalGroup } from '../access/refusal-budget.ts';
import type { Holder } from '../access/register.ts';
import type { Witness, Witnessed } from '../access/witness.ts';
import { type Siret, sirenOf } from '../dossier/siret.ts';
import {
  accessText,
  type JournalAsker,
  type JournalDisclosure,
  type JournalOutcome,
  type JournalPurpose,
  nobody,
  refusalsText,
} from '../journal/entry.ts';
import type { Journal } from '../journal/group-commit.ts';
import { maskOf } from '../journal/pieces.ts';
import { catalog } from '../sources/catalog.ts';
import { isOfMother } from '../usages/wanted.ts';
import type { Asker } from './admission.ts';

export interface JournalWitnessOptions {
  journal: Journal;
  now: () => number;
}

const SOURCES = catalog.map(({ id }) => id);
const NO_PURPOSE: JournalPurpose = { destinataire: null, usage: null, objet: null, contexte: null };
const NOTHING: JournalDisclosure = { siren: null, conservees: '0', demandees: '0', empreinte: null };

/** Writes each access and each refusal in the journal, and lets leave what was. */
export function createJournalWitness({ journal, now }: JournalWitnessOptions): Witness {
  const askers = new WeakMap<Holder, JournalAsker>();
  /** By what was asked, which is one and the same for all who ask again in the same words. */
  const purposes = new WeakMap<NonNullable<Witnessed['asked']>, JournalPurpose>();
  /** By the list of pieces of a dossier that is kept whole, which is one and the same for all who are given it. */
  const kept = new WeakMap<readonly string[], JournalDisclosure>();

  function askerOf({ holder, agent }: Witnessed): JournalAsker {
    if (!holder) return nobody;
    if (agent !== null) return askerIn({ holder, agent });
    const known = askers.get(holder);
    if (known) return known;
    const asker = askerIn({ holder, agent });
    askers.set(holder, asker);
    return asker;
  }

  function purposeOf({ asked }: Witnessed): JournalPurpose {
    if (!asked) return NO_PURPOSE;
    const known = purposes.get(asked);
    if (known) return known;
    const { recipient, usage, object, context } = asked;
    const purpose = { destinataire: recipient, usage, objet: object, contexte: context };
    purposes.set(asked, purpose);
    return purpose;
  }

  function disclosureOf(witnessed: Witnessed): JournalDisclosure {
    if (witnessed.kept.length === 0 || witnessed.collected.length > 0) return disclosureIn(witnessed);
    const known = kept.get(witnessed.kept);
    if (known) return known;
    const disclosure = disclosureIn(witnessed);
    kept.set(witnessed.kept, disclosure);
    return disclosure;
  }

  function write(witnessed: Witnessed, disclosure: JournalDisclosure): Promise<unknown> {
    const line = accessText({
      atMs: now(),
      requestId: witnessed.requestId,
      route: witnessed.route,
      asker: askerOf(witnessed),
      purpose: purposeOf(witnessed),
      disclosure,
      outcome: outcomeIn(witnessed),
    });
    return journal.record(line);
  }

  return (witnessed, leave) => {
    const { mere, kept, collected } = witnessed;
    const hasHers = mere !== null && (kept.some(isOfMother) || collected.some(isOfMother));
    const own = write(witnessed, disclosureOf(witnessed));
    const written = hasHers ? Promise.all([own, write(witnessed, disclosureToMother(witnessed, mere))]) : own;
    written.then(
      () => leave(true),
      () => leave(false),
    );
  };
}

/** Writes how many refusals had no line of their own. */
export function createGroupWitness({ journal, now }: JournalWitnessOptions): (group: RefusalGroup) => void {
  return ({ holder, sinceMs, counts }) => {
    const line = refusalsText({
      le: new Date(now()).toISOString(),
      depuis: new Date(sinceMs).toISOString(),
      qui: holder ? askerIn({ holder, agent: null }) : nobody,
      motifs: counts,
    });
    // Refusals gave nothing: those of a time when nothing can be written are not told, one by one or together.
    journal.record(line).catch(() => {});
  };
}

export function askerIn({ holder, agent }: Asker): JournalAsker {
  const { id, organisme, editeur, base_legale } = holder.habilitation;
  return {
    habilitation: id,
    organisme: organisme.siret,
    denomination: organisme.nom,
    editeur: editeur?.nom ?? null,
    agent,
    base_legale,
  };
}

function disclosureIn({ asked, kept, collected, digest }: Witnessed): JournalDisclosure {
  if (!asked) return NOTHING;
  return {
    siren: sirenOf(asked.siret as Siret),
    conservees: maskOf(kept, SOURCES),
    demandees: maskOf(collected, SOURCES),
    empreinte: digestIn(digest),
  };
}

/** A line of her own: she is told of what is hers, and the journal finds it under her number as it does any other's. */
function disclosureToMother({ kept, collected, digest }: Witnessed, mere: string): JournalDisclosure {
  return {
    siren: mere,
    conservees: maskOf(kept.filter(isOfMother), SOURCES),
    demandees: maskOf(collected.filter(isOfMother), SOURCES),
    empreinte: digestIn(digest),
  };
}

/** An entity tag is quoted. */
function digestIn(digest: string | null): string | null {
  return digest?.slice(1, -1) ?? null;
}

const ANSWERED: JournalOutcome = { resultat: 'repondu', statut: 200, motif: null };

function outcomeIn({ status, reason }: Witnessed): JournalOutcome {
  if (status === 200) return ANSWERED;
  return { resultat: status === 404 ? 'inconnu' : 'refuse', statut: status, motif: reason };
}
