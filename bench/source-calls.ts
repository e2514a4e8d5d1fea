import type { Tracing } from '../src/collection/call-source.ts';
import { type Siret, sirenOf } from '../src/dossier/siret.ts';
import { catalog } from '../src/sources/catalog.ts';
import { type Company, IDENTITY } from '../src/sources/company.ts';
import { exclusionOf } from '../src/sources/exclusions.ts';
import { usages } from '../src/usages/usages.ts';
import { PERSONA, today } from './record-answers.ts';
import { SOURCES_TOKEN } from './start-gateway.ts';

const { libelle } = usages.marche_public;
/** What Insee says of the persona, by which the gateway knows whom not to ask. */
const COMPANY: Company = {
  createdOn: '2015-01-01',
  legalForm: '5710',
  rna: null,
  activities: ['62.20Y', '62.02A'],
  commune: '44109',
};
const useful = usages.marche_public.sources({ etape: 'attribution', nature: null });
const asked = useful.filter(({ id, btp }) => !btp && !id.endsWith('_mere')).map(({ id }) => id);
/** Why, as each call says it. */
export const TRACING: Tracing = {
  context: libelle,
  object: 'BENCH-2026-001',
  recipient: '13002526500013',
};
const tracing = new URLSearchParams({ ...TRACING });

/** Who is called, in the order of the calls. */
export const CALLED = catalog.filter(
  ({ id, exclusions }) => asked.includes(id) && !exclusionOf(exclusions, COMPANY, today()),
);

/** Worked out once, so that whoever calls spends its time on calling. */
const paths = CALLED.map((source) => source.paths({ ...PERSONA, today: today() })[0]).map(
  (path) => `${path}${path.includes('?') ? '&' : '?'}${tracing}`,
);

/** Which of the calls tell who the company is, and which wait for those: by their places. */
export const IDENTIFYING = CALLED.map(({ id }) => IDENTITY.includes(id));
export const WAITING = CALLED.map(({ exclusions }) => exclusions.length > 0);

/** One a source: of the company that the sources of the bench know, the first path of each says enough. */
export const CALLS_A_DOSSIER = paths.length;

/** Sent with each call, as the gateway does. */
export const CALL_HEADERS = {
  accept: 'application/vnd.api+json, application/json',
  authorization: `Bearer ${SOURCES_TOKEN}`,
};

/** The paths that the gateway asks for one dossier of the usage `marche_public`. */
export function callsAbout(siret: Siret): string[] {
  const siren = sirenOf(siret);
  return paths.map((path) => path.replace(PERSONA.siret, siret).replace(PERSONA.siren, siren));
}
