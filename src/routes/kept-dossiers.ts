import type { Collected } from '../collection/collect.ts';
import type { Entry } from '../keeping/entry.ts';
import type { Rendition } from '../keeping/rendition.ts';
import type { Mark, Shelves } from '../keeping/shelves.ts';
import { type DossierQuestion, variantOf } from './dossier-question.ts';
import { isKeepable } from './render-dossier.ts';

/** Dossiers whose pieces are all kept, as the bytes that answer for them. */
export interface KeptDossiers {
  /** At once when it is in process. Null when there is none, or something newer is asked for. */
  read(question: DossierQuestion): Rendition | null | Promise<Rendition | null>;
  /** To be taken before the dossier is constituted, and given back with it. */
  mark(question: DossierQuestion): Mark;
  /** Keeps the bytes until one of the pieces changes. */
  keep(question: DossierQuestion, mark: Mark, rendition: Rendition, collected: Collected): Promise<void>;
}

/** @param version of the program: another one may assemble the same pieces into other bytes */
export function createKeptDossiers(shelves: Shelves, version: string): KeptDossiers {
  const fields = new WeakMap<DossierQuestion, string>();

  function fieldOf(question: DossierQuestion): string {
    const known = fields.get(question);
    if (known) return known;
    const { usage, siret, rights } = question;
    // Those who may be shown the same share the same bytes, and nobody else reads them.
    const field = `dossier ${version} ${usage.id} ${variantOf(question)} ${siret} ${rights.key}`;
    fields.set(question, field);
    return field;
  }

  return {
    read: (question) => (question.refresh ? null : shelves.readRendition(question.siren, fieldOf(question))),
    mark: ({ siren }) => shelves.mark(siren),
    async keep(question, mark, rendition, collected) {
      if (!isKeepable(rendition)) return;
      const entries = [...collected.values()].map(({ entry }) => entry);
      await shelves.keepRendition(mark, fieldOf(question), entries.filter(isEntry), rendition);
    },
  };
}

function isEntry(entry: Entry | null): entry is Entry {
  return entry !== null;
}
