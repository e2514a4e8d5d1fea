import type { IncomingMessage } from 'node:http';
import t from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import type { Statut } from '../../src/dossier/outcome.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { askingEverySource, gatewayOn, siretNumber } from '../helpers/gateway-on.ts';
import { json, type Script, startUpstream } from '../helpers/upstream.ts';

/** What every source answers, and the statut that each piece must then have. */
type Case = [what: string, script: Script, statut: Statut | ((source: string) => Statut)];

const error = (code: unknown, meta?: unknown, more: object = {}) => ({
  errors: [
    { code, title: 'Erreur à l’œuvre', detail: '…', ...(meta === undefined ? {} : { meta }), ...more },
  ],
});
const raw =
  (status: number, body: string | Buffer, type = 'application/json'): Script =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

const COLLECTIONS = new Set([
  'infogreffe_mandataires_sociaux',
  'conventions_collectives',
  'dgfip_chiffres_affaires',
  'banque_de_france_bilans',
  'qualifelec_certificats',
  'ademe_certification_rge',
  'data_subvention_subventions',
]);
const INFOGREFFE = ['infogreffe_extrait_rcs', 'infogreffe_mandataires_sociaux'];

/** Successes that are none: whatever cannot be understood says nothing of the company. */
const SUCCESSES: Case[] = [
  ['nothing', raw(200, ''), 'indisponible'],
  ['a page', raw(200, '<!doctype html><p>Service', 'text/html'), 'indisponible'],
  ['null', raw(200, 'null'), 'indisponible'],
  ['a list', raw(200, '[]'), 'indisponible'],
  ['a number', raw(200, '1e400'), 'indisponible'],
  ['data that is null', raw(200, '{"data":null,"links":{},"meta":{}}'), 'indisponible'],
  ['data that is empty', raw(200, '{"data":{},"links":{},"meta":{}}'), 'indisponible'],
  ['an empty list', raw(200, '{"data":[]}'), (id) => (COLLECTIONS.has(id) ? 'obtenu' : 'indisponible')],
  ['items without data', raw(200, '{"data":[null,{},{"data":null}]}'), 'indisponible'],
  [
    'a prototype',
    raw(200, '{"__proto__":{"data":{"status":"up_to_date"}},"constructor":{}}'),
    'indisponible',
  ],
  ['ten thousand levels', raw(200, `{"data":${'['.repeat(10_000)}${']'.repeat(10_000)}}`), 'indisponible'],
  ['bytes that are no UTF-8', raw(200, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), 'indisponible'],
  [
    'values that nobody documented',
    raw(
      200,
      '{"data":{"status":"pending","eligible":null,"entity_status":{"code":"suspendu"},"etat_administratif":"X"}}',
    ),
    'indisponible',
  ],
  ['errors under a success', raw(200, JSON.stringify(error('04003'))), 'indisponible'],
  ['no content', raw(204, ''), 'indisponible'],
  ['part of a content', raw(206, '{"data":{"status":"up_to_date"}}'), 'indisponible'],
];

/** "Not found" as it is really written. */
const ABSENCES: Case[] = [
  ['404 with any prefix', json(404, error('01003', {})), 'non_trouve'],
  ['404 with the prefix of another provider', json(404, error('28003', {})), 'non_trouve'],
  ['404 with a code of four characters', json(404, error('4003', {})), 'non_trouve'],
  ['404 with a code that is a number', json(404, error(4003, {})), 'non_trouve'],
  ['404 without meta', json(404, error('04003')), 'non_trouve'],
  ['404 with a source that is null', json(404, error('04003', {}, { source: null })), 'non_trouve'],
  [
    '404 with what the provider said',
    json(404, error('04003', { provider_errors: [{ code: 'FUNC517' }] })),
    'non_trouve',
  ],
  ['404 in plain text', raw(404, 'Not Found', 'text/plain'), 'indisponible'],
  ['404 without a word', raw(404, ''), 'indisponible'],
  ['404 of a version that is not there', json(404, error('00402', {})), 'indisponible'],
  ['404 with an unknown code', json(404, error('04777', {})), 'indisponible'],
  ['404 with a code that is none', json(404, error('introuvable', {})), 'indisponible'],
  ['404 with no error', json(404, { errors: [] }), 'indisponible'],
  [
    '404 with two errors that disagree',
    json(404, { errors: [...error('04003').errors, ...error('04999').errors] }),
    'indisponible',
  ],
  ['"not found" under a failure', json(502, error('04003', {})), 'indisponible'],
  ['410', raw(410, 'Gone', 'text/plain'), 'indisponible'],
];

/** Errors that speak of the call. */
const CALLS: Case[] = [400, 401, 403, 405, 409, 422, 429, 451, 500, 502, 503, 504].flatMap(
  (status): Case[] => {
    const statut = (
      {
        401: 'non_autorise',
        403: 'non_autorise',
        451: 'non_autorise',
        409: 'differe',
        429: 'differe',
      } as const
    )[status as 401];
    return [
      [`${status} without a body`, raw(status, ''), statut ?? 'indisponible'],
      [`${status} of the hub`, json(status, error(`00${status}`, {})), statut ?? 'indisponible'],
      [`${status} with "not found" inside`, json(status, error('00003', {})), statut ?? 'indisponible'],
    ];
  },
);

/** Failures whose code means something at one source only. */
const FAILURES: Case[] = [
  ['502 04999', json(502, error('04999')), 'indisponible'],
  ['504 04002', json(504, error('04002')), 'indisponible'],
  ['502 31999', json(502, error('31999')), 'indisponible'],
  ['502 XX008', json(502, error('04008')), 'indisponible'],
  [
    '502 04501',
    json(502, error('04501', { retry_in: 172_800 })),
    (id) => (id.startsWith('urssaf') ? 'en_examen' : 'indisponible'),
  ],
  [
    '502 XX502',
    json(502, error('02502')),
    (id) => (INFOGREFFE.includes(id) ? 'non_trouve' : id.startsWith('urssaf') ? 'en_examen' : 'indisponible'),
  ],
  ['502 00501, the network', json(502, error('00501', { retry_in: 600 })), 'indisponible'],
  ['502 00502, the documents', json(502, error('00502')), 'indisponible'],
  ['404 38422', json(404, error('38422')), (id) => (id.startsWith('cibtp') ? 'refuse' : 'indisponible')],
  ['404 4503 of the old version', json(502, error('04503')), 'indisponible'],
  ...['soon', -5, 1e300, null, {}].map(
    (retry_in): Case => [
      `a retry_in of ${JSON.stringify(retry_in)}`,
      json(503, error('03020', { retry_in })),
      'indisponible',
    ],
  ),
  [
    'a Retry-After that is a date',
    json(503, error('03020'), { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }),
    'indisponible',
  ],
  ['a Retry-After without end', json(429, error('00429'), { 'retry-after': '9'.repeat(40) }), 'differe'],
];

let script: Script = json(200, {});
const upstream = await startUpstream(t, (request, response) => script(request, response));
const asked = catalog.filter(({ id }) => !id.endsWith('_mere'));
const app = await gatewayOn(t, upstream.url, 'jeton', { adapt: askingEverySource });
let next = 0;

async function ask(siret = siretNumber(next++)) {
  return app.inject(`/v1/dossiers/${siret}?usage=marche_public&object=A&recipient=${RECIPIENT}`);
}

for (const [what, answer, expected] of [...SUCCESSES, ...ABSENCES, ...CALLS, ...FAILURES]) {
  t.test(
    `when every source answers ${what}, each of the thirty pieces says what it means there`,
    async (t) => {
      script = answer;
      const response = await ask();
      const statuts = new Map(
        asked.map(({ id }) => [id, typeof expected === 'string' ? expected : expected(id)]),
      );
      if ([...statuts.values()].every((statut) => statut === 'non_trouve')) {
        t.equal(response.statusCode, 404);
        return;
      }
      t.equal(response.statusCode, 200);
      const { data } = response.json() as Dossier;
      for (const [id, statut] of statuts) t.equal(data.pieces[id]?.statut, statut, id);
      // Of all sources CIBTP alone says by an error that a company of its own has not paid.
      const isRefused = statuts.get('cibtp_attestation_conges_payes') === 'refuse';
      const concluded = data.constats.filter(({ conclusion }) => conclusion !== 'impossible_a_conclure');
      t.match(concluded, isRefused ? [{ exigence: 'conges_payes_btp', conclusion: 'contredite' }] : []);
      t.equal(concluded.length, isRefused ? 1 : 0);
    },
  );
}

const pathOf = ({ url }: IncomingMessage) => url ?? '';

t.test('an answer about another company is set aside, and the reader is told', async (t) => {
  const other = {
    siren: '552032534',
    etat_administratif: 'A',
    status_diffusion: 'diffusible',
    type: 'personne_morale',
  };
  script = (request, response) =>
    (pathOf(request).includes('/unites_legales/') && pathOf(request).includes('insee')
      ? json(200, { data: { ...other, personne_morale_attributs: { raison_sociale: 'UNE AUTRE' } } })
      : json(404, error('01003')))(request, response);
  const { data } = (await ask()).json() as Dossier;
  t.match(data.pieces.insee_unite_legale, {
    statut: 'indisponible',
    donnees: null,
    erreur: { code: 'identifiant_different' },
  });
  t.match(
    data.alertes.find(({ code }) => code === 'siren_incoherent'),
    { niveau: 'critique', pieces: ['insee_unite_legale'] },
  );
  t.equal(data.identite.denomination, null);
});

t.test(
  'an old company is read as it is written: accents, ligatures, nulls, days before 1970, no meta',
  async (t) => {
    const siret = siretNumber(next++);
    const siren = siret.slice(0, 9);
    const PARIS_1901 = -2_159_568_561; // 27 July 1901, midnight in Paris, nine minutes ahead of Greenwich then.
    const PARIS_1955 = -473_389_200; // 31 December 1954 at 23:00 UTC.
    const unite = {
      ...{ siren, rna: null, siret_siege_social: siret, type: 'personne_morale', categorie_entreprise: null },
      personne_morale_attributs: { raison_sociale: 'Œuvres Noël & Çaïra — Ÿvetot', sigle: null },
      personne_physique_attributs: {
        pseudonyme: null,
        prenom_usuel: null,
        prenom_1: null,
        nom_usage: null,
        nom_naissance: null,
        sexe: null,
      },
      ...{
        status_diffusion: 'diffusible',
        diffusable_commercialement: true,
        economie_sociale_et_solidaire: null,
      },
      forme_juridique: { code: '5599', libelle: 'SA à conseil d’administration' },
      activite_principale: { code: null, nomenclature: 'NAF2025', libelle: 'non référencé' },
      tranche_effectif_salarie: { code: null, intitule: null, date_reference: null, de: null, a: null },
      ...{ etat_administratif: 'A', date_creation: PARIS_1901 },
    };
    const etablissement = {
      ...{ siret, siege_social: true, etat_administratif: 'A', date_fermeture: null, enseigne: null },
      ...{ activite_principale: null, tranche_effectif_salarie: null, status_diffusion: 'diffusible' },
      ...{ date_creation: PARIS_1955, adresse: null, unite_legale: unite },
    };
    script = (request, response) => {
      const isSirene = /insee\/sirene\/etablissements\/\d+\?/.test(pathOf(request));
      (isSirene ? json(200, { data: etablissement }) : json(404, error('4003')))(request, response);
    };
    const response = await ask(siret);
    const { identite, pieces } = (response.json() as Dossier).data;
    t.equal(pieces.insee_etablissement?.statut, 'obtenu');
    t.match(identite, {
      denomination: 'Œuvres Noël & Çaïra — Ÿvetot',
      date_creation: '1901-07-27',
      activite_principale: null,
      etablissement: { date_creation: '1955-01-01' },
    });
  },
);
