import type { Credential, StoredHabilitation } from '../access/access-store.ts';

const DAY_MS = 86_400_000;
/** Long enough before the end for a renewal. */
const SOON_MS = 30 * DAY_MS;

const KINDS: Record<Credential['kind'], string> = { jeton: 'jeton', secret: 'secret', cle: 'clé publique' };

/** One line a habilitation. */
export function lineOf({ habilitation, revokedAtMs }: StoredHabilitation, nowMs: number): string {
  const { id, organisme, usage, audience, expire_le } = habilitation;
  const state = stateOf(Date.parse(expire_le), revokedAtMs, nowMs);
  return `${id.padEnd(36)}  ${organisme.siret}  ${(usage ?? '-').padEnd(22)}  ${audience.padEnd(10)}  ${state}  ${organisme.nom}`;
}

/** All that was granted; of what opens it, no secret. */
export function sheetOf(
  { habilitation, grantedAtMs, revokedAtMs }: StoredHabilitation,
  credentials: readonly Credential[],
  nowMs: number,
): string {
  const {
    id,
    organisme,
    editeur,
    usage,
    base_legale,
    sources,
    audience,
    reseaux,
    debit,
    expire_le,
    contact,
  } = habilitation;
  const families = Object.entries(debit.familles).map(([family, perMinute]) => `${family} ${perMinute}/min`);
  const rows: [string, string][] = [
    ['habilitation', id],
    ['état', stateOf(Date.parse(expire_le), revokedAtMs, nowMs)],
    ['organisme', `${organisme.nom} (${organisme.siret})`],
    ['éditeur', editeur ? `${editeur.nom} ; clients : ${editeur.clients.join(', ') || 'aucun'}` : 'aucun'],
    ['usage', usage ?? 'aucun'],
    ['base légale', base_legale],
    ['lecteurs', audience],
    ['sources', sources.join(', ') || 'aucune'],
    ['réseaux', reseaux.join(', ') || 'tous'],
    ['débit', [`${debit.par_minute}/min`, ...families].join(' ; ')],
    ['accordée le', dayOf(grantedAtMs)],
    ['contact', contact],
    ...credentials.map((one): [string, string] => [
      KINDS[one.kind],
      `${one.id}  ${stateOf(one.expiresAtMs, one.revokedAtMs, nowMs)}`,
    ]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(14)} ${value}`).join('\n');
}

function stateOf(expiresMs: number, revokedAtMs: number | null, nowMs: number): string {
  if (revokedAtMs !== null) return `révoqué le ${dayOf(revokedAtMs)}`;
  if (expiresMs <= nowMs) return `expiré le ${dayOf(expiresMs)}`;
  const until = `jusqu'au ${dayOf(expiresMs)}`;
  return expiresMs - nowMs < SOON_MS ? `${until} (bientôt)` : until;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
