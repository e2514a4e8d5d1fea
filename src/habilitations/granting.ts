import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type Habilitation, habilitationSchema } from '../access/habilitation.ts';
import { catalog } from '../sources/catalog.ts';
import { usages } from '../usages/usages.ts';
import { listOf, readOptions, UsageError, wholeNumber } from './options.ts';

const text = { type: 'string' } as const;
const OPTIONS = {
  siret: text,
  nom: text,
  usage: text,
  'base-legale': text,
  contact: text,
  expire: text,
  audience: text,
  sources: text,
  reseaux: text,
  debit: text,
  familles: text,
  editeur: text,
  clients: text,
} as const;

const DEFAULT_PER_MINUTE = '600';
const YEAR_MS = 365 * 86_400_000;

/** By which option each part of a habilitation is given. */
const OPTION_OF: Record<string, string> = {
  'organisme.siret': '--siret',
  'organisme.nom': '--nom',
  usage: '--usage',
  base_legale: '--base-legale',
  sources: '--sources',
  audience: '--audience',
  reseaux: '--reseaux',
  'debit.par_minute': '--debit',
  'debit.familles': '--familles',
  expire_le: '--expire',
  contact: '--contact',
  'editeur.nom': '--editeur',
  'editeur.clients': '--clients',
};

/**
 * The habilitation that is described by options.
 * @throws UsageError that names every option that must be corrected
 */
export function habilitationIn(args: string[], nowMs: number): Habilitation {
  const { values } = readOptions(args, OPTIONS);
  const { siret, nom, usage = null, contact, audience = 'agent', debit = DEFAULT_PER_MINUTE } = values;
  const parsed = habilitationSchema.safeParse({
    id: randomUUID(),
    organisme: { siret, nom },
    editeur: values.editeur === undefined ? null : { nom: values.editeur, clients: listOf(values.clients) },
    usage,
    base_legale: values['base-legale'],
    sources: sourcesIn(values.sources, usage),
    audience,
    reseaux: listOf(values.reseaux),
    debit: { par_minute: wholeNumber(debit, '--debit'), familles: familiesIn(values.familles) },
    expire_le: values.expire === undefined ? new Date(nowMs + YEAR_MS).toISOString() : endOf(values.expire),
    contact,
    demonstration: false,
  });
  if (!parsed.success) throw new UsageError(complaintOf(parsed.error));
  if (values.clients !== undefined && values.editeur === undefined) {
    throw new UsageError('Des clients sont ceux d’un éditeur : donnez aussi --editeur.');
  }
  if (Date.parse(parsed.data.expire_le) <= nowMs) throw new UsageError('--expire est déjà passé.');
  return parsed.data;
}

/** All those that the usage needs, unless some are named. */
function sourcesIn(given: string | undefined, usage: string | null): readonly string[] {
  if (given !== undefined && given !== 'toutes') return listOf(given);
  const known = Object.values(usages).find(({ id }) => id === usage);
  return known ? known.permitted.map(({ id }) => id) : usage === null ? [] : catalog.map(({ id }) => id);
}

/** `urssaf=10,cibtp=2` */
function familiesIn(given: string | undefined): Record<string, number> {
  return Object.fromEntries(
    listOf(given).map((one) => {
      const [name = '', calls = ''] = one.split('=');
      return [name, wholeNumber(calls, '--familles (famille=nombre)')];
    }),
  );
}

/** A day lasts until its end in Paris, whatever the hour; UTC midnight is an hour or two later at the most. */
function endOf(day: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T23:59:59Z` : day;
}

function complaintOf(error: z.ZodError): string {
  const lines = error.issues.map(({ path, message }) => {
    const name = path.filter((part) => typeof part === 'string').join('.');
    const option = OPTION_OF[name] ?? OPTION_OF[name.split('.').slice(0, 2).join('.')] ?? name;
    return `  ${option} : ${/^(Invalid|expected)/i.test(message) ? 'valeur manquante ou invalide' : message}`;
  });
  return ['À corriger :', ...new Set(lines)].join('\n');
}
