import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Siret } from '../dossier/siret.ts';
import { USAGES, type Usage } from '../dossier/usage.ts';
import { catalog } from '../sources/catalog.ts';
import { Broken } from '../storage/database.ts';
import type { AccessStore, Granted } from './access-store.ts';
import type { Habilitation } from './habilitation.ts';
import type { IssueToken } from './issue-token.ts';
import { claimsIn } from './tokens.ts';

/** The public body of the demonstration, and the company whose consultations may be read. */
const ORGANISME = { siret: '13002526500013' as Siret, nom: 'Direction interministérielle du numérique' };
const ENTREPRISE = { siret: '00001140300029' as Siret, nom: 'Atelier numérique des quais' };

export const DEMONSTRATION_NAMES = [...USAGES, 'public', 'entreprise'] as const;
export type DemonstrationName = (typeof DEMONSTRATION_NAMES)[number];

const FILE = 'demonstration.json';
const DAY_MS = 86_400_000;
const LIFE_MS = 365 * DAY_MS;
/** More than any bench asks. */
const PER_MINUTE = 10_000_000;

const fileSchema = z.object({ recipient: z.string() }).catchall(z.string());

/** What one needs to try the gateway: the body to ask for, and a token for each usage and audience. */
export interface Demonstration {
  recipient: string;
  tokens: Readonly<Record<string, string>>;
}

export interface DemonstrationOptions {
  folder: string;
  store: AccessStore;
  issue: IssueToken;
  now: () => number;
}

/** Grants what one needs to try the gateway, and writes it to the data folder; what is there and good is kept. */
export async function prepareDemonstration(options: DemonstrationOptions): Promise<Demonstration | Broken> {
  const { folder, store, issue, now } = options;
  const granted = await store.read();
  if (granted instanceof Broken) return granted;
  const known = readDemonstration(folder)?.tokens ?? {};
  const tokens: Record<string, string> = {};
  for (const name of DEMONSTRATION_NAMES) {
    const kept = known[name];
    if (kept && isGood(kept, granted, now())) {
      tokens[name] = kept;
      continue;
    }
    const habilitation = habilitationOf(name, now() + LIFE_MS);
    const done = await store.grant(habilitation);
    const issued = done instanceof Broken ? done : await issue(habilitation.id, now() + LIFE_MS);
    if (issued instanceof Broken) return issued;
    tokens[name] = issued.token;
  }
  const demonstration = { recipient: ORGANISME.siret, tokens };
  write(folder, demonstration);
  return demonstration;
}

/** Null where there is none. */
export function readDemonstration(folder: string): Demonstration | null {
  try {
    const { recipient, ...tokens } = fileSchema.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
    return { recipient, tokens };
  } catch {
    return null;
  }
}

/** At once: another process may be reading it. */
function write(folder: string, { recipient, tokens }: Demonstration): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${FILE}.${randomUUID()}`);
  writeFileSync(draft, `${JSON.stringify({ recipient, ...tokens }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(folder, FILE));
}

/** Whether it opens something, in this store, for a day at least. */
function isGood(token: string, { habilitations, credentials, keys }: Granted, nowMs: number): boolean {
  const claims = claimsIn(token);
  if (!claims) return false;
  const credential = credentials.find(({ id }) => id === claims.credentialId);
  const isSigned = keys.some(({ kid, revokedAtMs }) => kid === claims.kid && revokedAtMs === null);
  const stored = habilitations.find(({ habilitation }) => habilitation.id === claims.habilitationId);
  const lastsMs = Math.min(claims.expiresMs, Date.parse(stored?.habilitation.expire_le ?? '')) - nowMs;
  return isSigned && credential?.revokedAtMs === null && stored?.revokedAtMs === null && lastsMs > DAY_MS;
}

export function habilitationOf(name: DemonstrationName, expiresMs: number): Habilitation {
  const isCompany = name === 'entreprise';
  return {
    id: `demonstration-${name}`,
    organisme: isCompany ? ENTREPRISE : ORGANISME,
    editeur: null,
    usage: isCompany ? null : usageOf(name),
    base_legale: 'Démonstration sur des administrations simulées',
    sources: isCompany ? [] : catalog.map(({ id }) => id),
    audience: isCompany ? 'entreprise' : name === 'public' ? 'public' : 'agent',
    reseaux: [],
    debit: { par_minute: PER_MINUTE, familles: {} },
    expire_le: new Date(expiresMs).toISOString(),
    contact: 'demonstration@example.org',
    demonstration: true,
  };
}

/** A public form is filled in with what anybody may read of a company. */
function usageOf(name: Exclude<DemonstrationName, 'entreprise'>): Usage {
  return name === 'public' ? 'socle' : name;
}
