import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { ChainArchive } from '../../src/journal/chain-store.ts';
import { type Access, accessText } from '../../src/journal/entry.ts';
import { maskOf } from '../../src/journal/pieces.ts';
import { createCheckSignature, createSigner } from '../../src/journal/signing.ts';
import { type VerifyOptions, verify } from '../../src/journal/verify.ts';

export const SOURCES = ['insee_etablissement', 'dgfip_attestation_fiscale', 'urssaf_attestation_vigilance'];
export const SIREN = '552032534';
export const BODY = '13002526500013';
export const START_MS = Date.parse('2026-11-26T10:00:00Z');
export const signer = createSigner(Buffer.alloc(32, 7));
export const check = createCheckSignature([signer.key]);

export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const asker = {
  habilitation: 'h-1',
  organisme: BODY,
  denomination: 'Commune d’Exemple',
  editeur: null,
  agent: null,
  base_legale: 'CCP R2143-13',
};
const purpose = {
  destinataire: BODY,
  usage: 'marche_public',
  objet: '2026-001',
  contexte: 'Marché public',
};

/** An access to a dossier that was kept, but for what the test says. */
export function access({
  siren = SIREN as string | null,
  ...other
}: Partial<Access> & { siren?: string | null } = {}): Access {
  return {
    atMs: START_MS,
    requestId: 'requete-1',
    route: '/v1/dossiers/:siret',
    asker,
    purpose,
    disclosure: {
      siren,
      conservees: maskOf(SOURCES, SOURCES),
      demandees: '0',
      empreinte: 'A'.repeat(43),
    },
    outcome: { resultat: 'repondu', statut: 200, motif: null },
    ...other,
  };
}

export function accessTexts(count: number, over: Parameters<typeof access>[0] = {}): string[] {
  return Array.from({ length: count }, (_, i) => accessText(access({ requestId: `requete-${i}`, ...over })));
}

/** What verification finds: faults, apart from what may be so. */
export async function findingsIn(archive: ChainArchive, options: Partial<VerifyOptions> = {}) {
  const faults: { fault: string; chain: string; number: number; at: string | null }[] = [];
  const notes: string[] = [];
  const run = verify({ archive, check, ...options });
  for (;;) {
    const { value, done } = await run.next();
    if (done) return { faults, notes, summary: value };
    if ('fault' in value) faults.push(value);
    else notes.push(value.note);
  }
}
