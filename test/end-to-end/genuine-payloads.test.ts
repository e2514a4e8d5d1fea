import type { IncomingMessage } from 'node:http';
import t, { type Test } from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import type { Statut } from '../../src/dossier/outcome.ts';
import { isSiret, sirenOf } from '../../src/dossier/siret.ts';
import { dayOf } from '../../src/dossier/time.ts';
import { dossierBody } from '../../src/routes/dossiers.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { usages } from '../../src/usages/usages.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { askingEverySource, gatewayOn, siretNumber } from '../helpers/gateway-on.ts';
import { json, type Script, startUpstream } from '../helpers/upstream.ts';
import { type AskedId, type Company, collection, single, vigilanceOf } from './genuine/company.ts';
import { nullable } from './genuine/nullable.ts';
import { rich } from './genuine/rich.ts';

const today = dayOf(Date.now());
const ids = catalog.map(({ id }) => id).filter((id) => !id.endsWith('_mere')) as AskedId[];

const PREFIXES: Record<AskedId, string> = {
  insee_etablissement: '01',
  insee_unite_legale: '01',
  insee_successions: '01',
  infogreffe_extrait_rcs: '02',
  infogreffe_mandataires_sociaux: '02',
  inpi_extrait_rne: '34',
  djepva_association: '29',
  commission_europeenne_numero_tva: '28',
  douanes_eori: '16',
  conventions_collectives: '14',
  dgfip_attestation_fiscale: '03',
  dgfip_chiffres_affaires: '03',
  dgfip_liasses_fiscales: '03',
  dgfip_liens_capitalistiques: '03',
  banque_de_france_bilans: '17',
  urssaf_attestation_vigilance: '04',
  msa_conformite_cotisations: '10',
  probtp_conformite_cotisations_retraite: '09',
  probtp_attestation_cotisations_retraite: '09',
  cibtp_attestation_conges_payes: '38',
  cnetp_attestation_conges_payes: '08',
  gip_mds_effectifs_annuels: '31',
  gip_mds_effectifs_mensuels: '31',
  qualibat_certification: '06',
  qualifelec_certificats: '32',
  opqibi_certification: '11',
  fntp_carte_professionnelle: '12',
  ademe_certification_rge: '19',
  carif_oref_qualiopi: '33',
  data_subvention_subventions: '52',
};
const COLLECTIONS = ids.filter((id) => Array.isArray(rich[id](companyOf(siretNumber(0))).data));

// ---------------------------------------------------------------- the upstream and the gateway

type Answers = (id: AskedId, company: Company) => Script;

function companyOf(siret: string): Company {
  if (!isSiret(siret)) throw new Error(`not a SIRET: ${siret}`);
  return { siret, siren: sirenOf(siret), today };
}

/** An address without the identifiers, years and months in it. */
const shapeOf = (path: string) => path.replace(/\?.*/, '').replace(/\/\d{2,}/g, '/#');

const idByShape = new Map(
  catalog.flatMap(({ id, paths }): (readonly [string, AskedId])[] => {
    if (id.endsWith('_mere')) return [];
    const siret = siretNumber(0);
    if (!isSiret(siret)) throw new Error(siret);
    return paths({ siret, siren: sirenOf(siret), today }).map((path) => [shapeOf(path), id as AskedId]);
  }),
);
/** What the sources answer about each company; a company number is used once, so nothing is kept of it. */
const answersByNumber = new Map<string, { company: Company; answers: Answers }>();

function answered({ url = '' }: IncomingMessage): Script {
  const id = idByShape.get(shapeOf(url));
  const known = answersByNumber.get(/\/(\d{9})(?:\d{5})?(?=[/?])/.exec(url)?.[1] ?? '');
  if (!id || !known) throw new Error(`nothing is scripted for ${url}`);
  return known.answers(id, known.company);
}

const upstream = await startUpstream(t, (request, response) => answered(request)(request, response));
const app = await gatewayOn(t, upstream.url, 'jeton', { adapt: askingEverySource });
let next = 1;

async function ask(answers: Answers, company = companyOf(siretNumber(next++)), usage = 'marche_public') {
  answersByNumber.set(company.siren, { company, answers });
  return app.inject({
    url: `/v1/dossiers/${company.siret}?usage=${usage}&object=2026-001&recipient=${RECIPIENT}`,
    headers: { prefer: 'wait=20' },
  });
}

// ---------------------------------------------------------------- what holds of every dossier

const ACCUSING = [
  'urssaf_attestation_vigilance',
  'msa_conformite_cotisations',
  'probtp_conformite_cotisations_retraite',
  'cibtp_attestation_conges_payes',
];
/** Requirements on which only a body can contradict the company. */
const PAID = ['regularite_sociale', 'retraite_btp', 'conges_payes_btp'];
/** What null, a missing key or an object become when they are read as something else. */
const MISREAD =
  /"[^"]*\b(?:undefined|NaN|Infinity|Invalid Date)\b[^"]*"|"null"|\[object |"1970-01-01|"[^"]* null"/;
const SENTENCES = /"(?:explication|motif|message|recours)":"[^"]*"/g;
const LONGEST_WAIT_MS = 31 * 86_400_000;

/** Shows that a dossier keeps to its format and accuses of nothing but what its pieces refuse. */
async function dossierOf(t: Test, asking: ReturnType<typeof ask>): Promise<Dossier['data']> {
  const startedMs = Date.now();
  const response = await asking;
  t.equal(response.statusCode, 200);
  const parsed = dossierBody.safeParse(response.json());
  t.ok(parsed.success, parsed.error?.message ?? 'the body is as documented');
  const [misread] = MISREAD.exec(response.body.replace(SENTENCES, '')) ?? [];
  t.equal(misread, undefined, 'nothing is written for what is unknown');
  const { data } = response.json() as Dossier;
  const refusing = Object.values(data.pieces)
    .filter(({ statut }) => statut === 'refuse')
    .map(({ source }) => source);
  const contradicted = data.constats.some(
    ({ exigence, conclusion }) => PAID.includes(exigence) && conclusion === 'contredite',
  );
  t.equal(
    contradicted,
    refusing.some((id) => ACCUSING.includes(id)),
    'contradicted only by a refusal',
  );
  for (const { source, nouvel_essai_le, statut } of Object.values(data.pieces)) {
    if (nouvel_essai_le === null) continue;
    const waitMs = Date.parse(nouvel_essai_le) - startedMs;
    if (!(waitMs > -2_000 && waitMs < LONGEST_WAIT_MS)) t.fail(`${source} ${statut}: ${nouvel_essai_le}`);
  }
  return data;
}

type Expected = Partial<Record<AskedId, Statut>>;

/** Shows the statut of each piece: `others`, but where `expected` says otherwise. */
async function showStatuts(
  t: Test,
  answers: Answers,
  others: Statut,
  expected: Expected = {},
): Promise<Dossier['data']> {
  const data = await dossierOf(t, ask(answers));
  const statuts = ids.map((id) => ({ id, statut: data.pieces[id]?.statut, wanted: expected[id] ?? others }));
  t.strictSame(
    statuts.filter(({ statut, wanted }) => statut !== wanted),
    [],
    'each piece has its statut',
  );
  return data;
}

/** Shows the statuts when some sources answer something else than what they genuinely would. */
function showAmongGenuine(t: Test, scripts: Partial<Record<AskedId, Script>>, expected: Expected) {
  return showStatuts(t, (id, company) => scripts[id] ?? json(200, rich[id](company)), 'obtenu', expected);
}

const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';
const PROBTP = 'probtp_conformite_cotisations_retraite';
const CIBTP = 'cibtp_attestation_conges_payes';
const RCS = 'infogreffe_extrait_rcs';
const OFFICERS = 'infogreffe_mandataires_sociaux';

// ---------------------------------------------------------------- answers

const raw =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Script =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/vnd.api+json', ...headers }).end(body);
  };

const error = (code: unknown, more: object = { meta: {} }) => ({
  title: 'Entité non trouvée',
  detail: 'L’entité recherchée n’a pas été trouvée : œuvre, naïf, Ÿ.',
  code,
  ...more,
});
const errors = (...codes: unknown[]) => ({ errors: codes.map((code) => error(code)) });
const failing = (status: number, ...codes: unknown[]) => json(status, errors(...codes));
const own = (id: AskedId, subCode: string) => `${PREFIXES[id]}${subCode}`;
const genuine: Answers = (id, company) => json(200, rich[id](company));

// ---------------------------------------------------------------- one company that everybody knows

await t.test('a company that every source knows well is read from end to end', async (t) => {
  const company = companyOf(siretNumber(next++));
  const data = await dossierOf(t, ask(genuine, company));
  const { identite } = data;
  t.strictSame(data.completude, { statut: 'complet', en_attente: [], prochain_essai_le: null });
  for (const id of ids) {
    t.equal(data.pieces[id]?.statut, 'obtenu', id);
    t.equal(data.pieces[id]?.erreur, null, id);
  }
  t.strictSame(data.alertes, [], 'a name written with other accents and ligatures is the same name');
  t.match(identite, {
    denomination: 'CŒUR D’ÉRABLE & FILS — Maison Noël',
    sigle: 'CÉF',
    nom_commercial: 'L’Épi d’Or',
    type: 'personne_morale',
    forme_juridique: { code: '5710', libelle: 'SAS, société par actions simplifiée' },
    etat_administratif: 'actif',
    date_creation: '1901-03-05',
    date_cessation: null,
    activite_principale: { code: '10.71C', nomenclature: 'NAF2025' },
    categorie_entreprise: 'PME',
    effectif: { code: '21', de: 50, a: 99, annee: '2023' },
    adresse: {
      lignes: [
        'CŒUR D’ÉRABLE & FILS',
        'BÂTIMENT Ç',
        '12 BIS RUE DE L’ŒUVRE',
        '42000 SAINT-ÉTIENNE',
        'FRANCE',
      ],
      numero_voie: '12 bis',
      voie: 'RUE DE L’ŒUVRE',
      code_commune: '42218',
    },
    etablissement: {
      siret: company.siret,
      siege: true,
      etat_administratif: 'ouvert',
      enseigne: 'L’ÉPI D’OR, Ô FOURNIL',
      date_creation: '1955-07-14',
      date_fermeture: null,
    },
    siege: { siret: company.siret },
    immatriculation_rcs: { greffe: 'SAINT-ÉTIENNE', date_immatriculation: '1955-07-20' },
    capital: { montant: 50123.6, devise: 'EUR' },
    numero_eori: `FR${company.siret}`,
    numero_rna: 'W751004076',
    association: { regime: 'Loi 1901', objet: 'Œuvrer à la transmission du goût' },
    conventions_collectives: [{ idcc: '0843' }],
    predecesseurs: [{ siret: '30613890000010', date: '1998-06-30' }],
  });
  t.match(identite.numero_tva, new RegExp(`^FR\\d\\d${company.siren}$`));
  t.match(identite.dirigeants?.[0], {
    type: 'personne_physique',
    fonction: 'PRÉSIDENT',
    nom: 'LEFÈVRE-DUBŒUF',
    prenoms: 'ANAÏS FRANÇOISE',
    denomination: null,
  });
  t.equal(identite.dirigeants?.length, 1, 'its auditor does not act for it');
  const officers = data.pieces.infogreffe_mandataires_sociaux?.donnees as { mandataires_sociaux: object[] };
  t.match(officers.mandataires_sociaux[1], { siren: '784824153' });
  const { du, au } = vigilanceOf(today);
  t.strictSame(data.pieces.urssaf_attestation_vigilance?.validite, { du, au, etat: 'valide' });
  t.match(data.social, {
    vigilance: { situation: 'delivree', code_securite: 'GB1QWERTYJJEX1O' },
    msa: { situation: 'a_jour' },
    retraite: { conforme: true },
    conges_payes: { caisse: 'CIBTP', a_jour: true },
    effectif_annuel: { total: 52.34 },
    effectif_mensuel: { total: 12.5 },
  });
  t.match(data.fiscal, {
    groupe_fiscal: { membre: false },
    filiales: [],
    actionnaires_personnes_morales: [{ denomination: 'ŒNOTECH HOLDING', pourcentage: 51 }],
    bilans: [{ date_fin_exercice: '2025-12', excedent_brut_exploitation_euros: -9004 }],
  });
  t.equal(data.fiscal.chiffres_affaires?.length, 3);
  t.strictSame(
    data.constats.map(({ conclusion }) => conclusion),
    // It declares holders and subsidiaries, which only a buyer can tell from other bidders.
    [...Array(10).fill('etablie'), 'impossible_a_conclure'],
  );
  t.strictSame(data.a_demander, []);
});

await t.test('birth data stay in the piece of the officers', async (t) => {
  const { pieces, identite } = await dossierOf(t, ask(genuine));
  t.match(pieces.infogreffe_mandataires_sociaux?.donnees, {
    mandataires_sociaux: [{ date_naissance: '1955-07-14', lieu_naissance: 'ŒUILLY' }],
  });
  t.notMatch(JSON.stringify(identite), /1955-07-14.*ŒUILLY|date_naissance/);
});

// ---------------------------------------------------------------- the same, written otherwise

type Rewrite = (key: string, value: unknown, id: AskedId) => unknown;

/** A payload in which each value went through `rewrite`; what comes out undefined is left out. */
function rewritten(value: unknown, rewrite: Rewrite, id: AskedId): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, rewrite, id));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, rewritten(rewrite(key, inner, id), rewrite, id)]),
  );
}

const rewriting =
  (rewrite: Rewrite): Answers =>
  (id, company) =>
    json(200, rewritten(rich[id](company), rewrite, id));

await t.test('null wherever the format allows it is known by every source', async (t) => {
  const toNull: Rewrite = (key, value, id) => (nullable[id].includes(key) ? null : value);
  const data = await showStatuts(t, rewriting(toNull), 'obtenu');
  t.match(data.identite, { date_creation: null, etablissement: { date_creation: null, enseigne: null } });
  t.equal(data.pieces.urssaf_attestation_vigilance?.validite.etat, 'inconnue');
  t.equal(data.social.effectif_annuel, null, 'no headcount is not a headcount of 0');
  t.equal(data.social.effectif_mensuel, null);
  t.strictSame(data.alertes, []);
});

const withoutKey =
  (left: string): Rewrite =>
  (key, value) =>
    key === left ? undefined : value;

for (const left of ['meta', 'links']) {
  await t.test(`an answer without \`${left}\` is known by every source`, async (t) => {
    await showStatuts(t, rewriting(withoutKey(left)), 'obtenu');
  });
}

await t.test('empty texts and zeroes stand for what the trade register does not know', async (t) => {
  const blank: Rewrite = (key, value) => {
    if (key === 'siren' || key === 'type') return value;
    return typeof value === 'string' ? '' : typeof value === 'number' ? 0 : value;
  };
  const { pieces } = await showStatuts(
    t,
    (id, company) => (id === RCS ? rewriting(blank) : genuine)(id, company),
    'obtenu',
  );
  t.match(pieces.infogreffe_extrait_rcs?.donnees, {
    capital: null,
    denomination: null,
    greffe: null,
    date_radiation: null,
    type: null,
  });
});

await t.test('numbers written as text are the same numbers', async (t) => {
  const asText: Rewrite = (_key, value) => (typeof value === 'number' ? String(value) : value);
  const data = await showStatuts(t, rewriting(asText), 'obtenu');
  t.match(data.identite, {
    date_creation: '1901-03-05',
    etablissement: { date_creation: '1955-07-14' },
    capital: { montant: 50123.6 },
    conventions_collectives: [{ idcc: '0843' }],
  });
  t.equal(data.fiscal.chiffres_affaires?.[0]?.montant_euros, 1_234_566.89);
  t.equal(data.social.effectif_annuel?.total, 52.34);
});

/** 005520135: a SIREN that begins with zeros, as the oldest do. */
const OLD = companyOf('00552013500004');
const isIdentifier = (key: string) => /^(siren|siret|siret_siege|siret_siege_social)$/.test(key);

await t.test('a SIREN that begins with zeros, written as a number, is the same SIREN', async (t) => {
  const asNumber: Rewrite = (key, value) =>
    isIdentifier(key) && typeof value === 'string' ? Number(value) : value;
  const data = await dossierOf(t, ask(rewriting(asNumber), OLD));
  t.strictSame(
    data.alertes.filter(({ code }) => code === 'siren_incoherent'),
    [],
    'an identifier that lost its zeros is not one of another company',
  );
});

await t.test('identifiers written in groups are the same identifiers', async (t) => {
  const grouped: Rewrite = (key, value) =>
    isIdentifier(key) && typeof value === 'string'
      ? value.replace(/^(\d{3})(\d{3})(\d{3})/, '$1 $2 $3 ')
      : value;
  await showStatuts(t, rewriting(grouped), 'obtenu');
});

await t.test('keys that nobody documented, `__proto__` among them, change nothing', async (t) => {
  const poison =
    '"__proto__":{"status":"outdated","eligible":false,"polluted":"yes","code":"38422"},"constructor":{"prototype":{"polluted":"yes"}},"nouveauté":[1]';
  await showStatuts(
    t,
    (id, company) => raw(200, JSON.stringify(rich[id](company)).replaceAll('{"', `{${poison},"`)),
    'obtenu',
  );
  t.notOk('polluted' in {}, 'no prototype was touched');
});

await t.test('`__proto__` gives no value that an answer lacks', async (t) => {
  const inherited = (data: string) => raw(200, `{"data":{"__proto__":${data}}}`);
  await showAmongGenuine(
    t,
    {
      msa_conformite_cotisations: inherited('{"status":"outdated"}'),
      probtp_conformite_cotisations_retraite: inherited('{"eligible":false}'),
      urssaf_attestation_vigilance: inherited('{"entity_status":{"code":"refus_de_delivrance"}}'),
      cibtp_attestation_conges_payes: raw(404, '{"__proto__":{"errors":[{"code":"38422"}]}}'),
    },
    {
      msa_conformite_cotisations: 'indisponible',
      probtp_conformite_cotisations_retraite: 'indisponible',
      urssaf_attestation_vigilance: 'indisponible',
      cibtp_attestation_conges_payes: 'indisponible',
    },
  );
});

const BOM = '\u{feff}';
await t.test('a byte order mark and any content type are let pass', async (t) => {
  const types = ['application/vnd.api+json', 'application/json; charset=utf-8', 'text/plain', ''];
  for (const type of types) {
    await showStatuts(
      t,
      (id, company) => raw(200, `${BOM}${JSON.stringify(rich[id](company))}`, { 'content-type': type }),
      'obtenu',
    );
  }
});

// ---------------------------------------------------------------- what a source says in its own words

const status = (value: unknown) => json(200, single({ status: value }));
const eligible = (value: unknown) => json(200, single({ eligible: value }));
const vigilance = (code: unknown, more: object = {}) =>
  json(
    200,
    single({
      document_url: null,
      document_url_expires_in: null,
      date_debut_validite: null,
      date_fin_validite: null,
      code_securite: null,
      entity_status: { code, libelle: 'Délivrance de l’attestation refusée par l’Urssaf', description: '…' },
      ...more,
    }),
  );

const WORDS: [what: string, id: AskedId, script: Script, statut: Statut][] = [
  ['Urssaf refuses', URSSAF, vigilance('refus_de_delivrance'), 'refuse'],
  ['Urssaf delivers without dates', URSSAF, vigilance('ok'), 'obtenu'],
  ['Urssaf suspends', URSSAF, vigilance('suspendu'), 'indisponible'],
  ['Urssaf shouts', URSSAF, vigilance('REFUS_DE_DELIVRANCE'), 'indisponible'],
  ['Urssaf says nothing', URSSAF, vigilance(null), 'indisponible'],
  ['Urssaf has no status', URSSAF, vigilance('ok', { entity_status: null }), 'indisponible'],
  ['Urssaf has several', URSSAF, vigilance(['refus_de_delivrance']), 'indisponible'],
  ['Urssaf analyses (04501)', URSSAF, failing(502, '04501'), 'en_examen'],
  ['Urssaf analyses (4501)', URSSAF, failing(502, '4501'), 'en_examen'],
  ['Urssaf processes (04502)', URSSAF, failing(502, '04502'), 'en_examen'],
  ['Urssaf refused in its old version', URSSAF, failing(502, '04503'), 'indisponible'],
  ['Urssaf has no quota left', URSSAF, failing(502, '04008'), 'indisponible'],
  ['Urssaf does not know (4003)', URSSAF, failing(404, '4003'), 'non_trouve'],
  ['Urssaf does not know (01003)', URSSAF, failing(404, '01003'), 'non_trouve'],
  ['Urssaf has a code of the hub (network)', URSSAF, failing(502, '00501'), 'indisponible'],
  ['MSA refuses', MSA, status('outdated'), 'refuse'],
  ['MSA investigates', MSA, status('under_investigation'), 'en_examen'],
  ['MSA waits', MSA, status('pending'), 'indisponible'],
  ['MSA says nothing', MSA, status(null), 'indisponible'],
  ['MSA shouts', MSA, status('OUTDATED'), 'indisponible'],
  ['MSA has a word of every object', MSA, status('constructor'), 'indisponible'],
  ['MSA does not know (1003)', MSA, failing(404, '1003'), 'non_trouve'],
  ['MSA has a code of Urssaf', MSA, failing(502, '04501'), 'indisponible'],
  ['ProBTP refuses', PROBTP, eligible(false), 'refuse'],
  ['ProBTP says nothing', PROBTP, eligible(null), 'indisponible'],
  ['ProBTP writes false', PROBTP, eligible('false'), 'indisponible'],
  ['ProBTP writes 0', PROBTP, eligible(0), 'indisponible'],
  ['ProBTP does not know', PROBTP, failing(404, '09003'), 'non_trouve'],
  ['CIBTP refuses', CIBTP, failing(404, '38422'), 'refuse'],
  ['CIBTP does not know', CIBTP, failing(404, '38003'), 'non_trouve'],
  ['CIBTP says two things', CIBTP, failing(404, '38422', '38003'), 'indisponible'],
  ['CIBTP says two other things', CIBTP, failing(404, '38003', '38422'), 'indisponible'],
  ['CIBTP has a code of the hub', CIBTP, failing(422, '00422'), 'indisponible'],
  ['CIBTP fails with its code of refusal', CIBTP, failing(500, '38422'), 'indisponible'],
  ['CIBTP refuses under the prefix of another provider', CIBTP, failing(404, '08422'), 'refuse'],
  ['CIBTP answers no document', CIBTP, json(200, single({ document_url: null })), 'indisponible'],
  ['Infogreffe has an order that fails', RCS, failing(502, '02502'), 'non_trouve'],
  ['Infogreffe has an order of officers that fails', OFFICERS, failing(502, '02502'), 'non_trouve'],
  ['Infogreffe cannot authenticate', RCS, failing(502, '02501'), 'indisponible'],
  ['Infogreffe has a code of the hub', RCS, failing(502, '00502'), 'indisponible'],
  ['GIP-MDS misses a regime', 'gip_mds_effectifs_annuels', failing(502, '31999'), 'indisponible'],
  ['GIP-MDS has no quota left', 'gip_mds_effectifs_mensuels', failing(502, '31503'), 'indisponible'],
  ['Insee has several head offices', 'insee_unite_legale', failing(502, '01501'), 'indisponible'],
  ['DGFiP does not say why', 'dgfip_attestation_fiscale', failing(404, '03003'), 'non_trouve'],
  ['Qualibat has an empty PDF', 'qualibat_certification', failing(502, '06056'), 'indisponible'],
  ['Insee may not say', 'insee_etablissement', json(451, { errors: [error('01005', {})] }), 'non_autorise'],
];

for (const [what, id, script, statut] of WORDS) {
  await t.test(`when ${what}, the piece is ${statut} and no other one changes`, async (t) => {
    await showAmongGenuine(t, { [id]: script }, { [id]: statut });
  });
}

const etat = (value: string) =>
  (['insee_etablissement', 'insee_unite_legale'] as const).map((id): [AskedId, Answers] => [
    id,
    (_id, company) =>
      json(
        200,
        rewritten(rich[id](company), (key, inner) => (key === 'etat_administratif' ? value : inner), id),
      ),
  ]);

await t.test('an administrative state that nobody documented is no state', async (t) => {
  const states = new Map(etat('X'));
  const { identite, alertes } = await showStatuts(
    t,
    (id, company) => (states.get(id) ?? genuine)(id, company),
    'obtenu',
    { insee_etablissement: 'indisponible', insee_unite_legale: 'indisponible' },
  );
  t.equal(identite.etat_administratif, null);
  t.notOk(alertes.some(({ code }) => code === 'entreprise_cessee' || code === 'etablissement_ferme'));
});

// ---------------------------------------------------------------- successes that are none

const nested = (levels: number) => `{"data":${'{"data":['.repeat(levels)}${']}'.repeat(levels)}}`;
const [unavailable, found] = ['indisponible', 'obtenu'] as const;

/** For the sources that give one resource, then for those that give a collection. */
const SUCCESSES: [what: string, script: Script, one: Statut, many: Statut][] = [
  ['nothing', raw(200, ''), unavailable, unavailable],
  ['blanks', raw(200, ' \n '), unavailable, unavailable],
  ['a byte order mark alone', raw(200, BOM), unavailable, unavailable],
  ['a page', raw(200, '<!doctype html><title>Œuvre</title>'), unavailable, unavailable],
  ['half an answer', raw(200, '{"data":{"status":"outdated"'), unavailable, unavailable],
  ['two answers', raw(200, '{"data":{"status":"outdated"}}{"data":{}}'), unavailable, unavailable],
  ['a text', raw(200, '"data"'), unavailable, unavailable],
  ['data that is null', json(200, { data: null, links: {}, meta: {} }), unavailable, unavailable],
  ['data that is missing', json(200, { links: {}, meta: {} }), unavailable, unavailable],
  ['data that is a text', json(200, { data: 'outdated' }), unavailable, unavailable],
  ['data that is empty', json(200, single({})), unavailable, unavailable],
  ['an empty collection', json(200, collection([])), unavailable, found],
  ['a collection of null', json(200, { data: [null] }), unavailable, unavailable],
  ['a collection of bare envelopes', json(200, { data: [{}] }), unavailable, unavailable],
  ['a collection of nothing', json(200, collection([null])), unavailable, unavailable],
  ['a number beyond all numbers', raw(200, '{"data":1e400}'), unavailable, unavailable],
  ['ten thousand levels', raw(200, nested(10_000)), unavailable, unavailable],
  ['errors', json(200, errors('04003')), unavailable, unavailable],
  ['errors of refusal', json(200, errors('38422')), unavailable, unavailable],
];

for (const [what, script, one, many] of SUCCESSES) {
  await t.test(`a 200 with ${what} says nothing of the company, whichever source it is of`, async (t) => {
    const ofCollections = Object.fromEntries(COLLECTIONS.map((id) => [id, many]));
    const data = await showStatuts(t, () => script, one, ofCollections);
    for (const id of ids.filter((id) => data.pieces[id]?.statut === 'indisponible')) {
      t.equal(data.pieces[id]?.erreur?.code, 'reponse_inattendue', id);
    }
    // A list of no exercise at all is one that DGFiP will not complete.
    const isTurnoverEmpty = data.pieces.dgfip_chiffres_affaires?.statut === 'obtenu';
    t.match(
      data.a_demander,
      isTurnoverEmpty ? [{ piece: /chiffre d'affaires/ }] : [],
      'nothing else is asked of the company for it',
    );
    t.equal(data.a_demander.length, isTurnoverEmpty ? 1 : 0);
  });
}

await t.test(
  'a list where there is one resource, and one resource where there is a list, are not read',
  async (t) => {
    await showStatuts(
      t,
      (id, company) => {
        const { data } = rich[id](company);
        return json(200, Array.isArray(data) ? data[0] : { data: [{ data }], links: {}, meta: {} });
      },
      'indisponible',
    );
  },
);

await t.test('numbers beyond all numbers are no amounts', async (t) => {
  const endless: Answers = (id, company) =>
    raw(200, JSON.stringify(rich[id](company)).replace(/(?<=":)-?\d+(\.\d+)?(?=[,}])/g, '1e400'));
  const { statuts } = await sweepOf(t, endless);
  t.strictSame([...statuts].sort(), ['indisponible', 'obtenu']);
});

/** Statuts met in a dossier. */
async function sweepOf(t: Test, answers: Answers, usage?: string) {
  const data = await dossierOf(t, ask(answers, undefined, usage));
  const asked = Object.values(data.pieces).filter(({ statut }) => statut !== 'non_demande');
  return { asked, statuts: new Set(asked.map(({ statut }) => statut)) };
}

// ---------------------------------------------------------------- one value wrong at a time

/** Where each value of a payload stands. */
function placesOf(value: unknown, place: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [place];
  const inner = Object.entries(value).flatMap(([key, one]) => placesOf(one, [...place, key]));
  return place.length === 0 ? inner : [place, ...inner];
}

function withValueAt(
  value: unknown,
  [key, ...others]: string[],
  change: (value: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  const inner = withValueAt((value as Record<string, unknown>)[key], others, change);
  if (Array.isArray(value)) return value.with(Number(key), inner);
  return { ...(value as object), [key]: inner };
}

const CHANGES: [what: string, change: (value: unknown) => unknown][] = [
  ['missing', () => undefined],
  ['of another kind', (value) => (typeof value === 'object' ? 'refus_de_delivrance' : { code: 'outdated' })],
  ['nonsense of its kind', nonsenseOf],
];

function nonsenseOf(value: unknown): unknown {
  if (typeof value === 'string') return 'œ\u0000💥 9999-99-99';
  if (typeof value === 'number') return -1e21;
  if (typeof value === 'boolean') return 'false';
  return Array.isArray(value) ? [] : {};
}

const places = new Map(ids.map((id) => [id, placesOf(rich[id](companyOf(siretNumber(0))))]));
const most = (some: readonly AskedId[]) => Math.max(...some.map((id) => places.get(id)?.length ?? 0));
const mostPlaces = most(ids);
/** The longest answers are of sources that a smaller usage asks as well. */
const otherPlaces = most(ids.filter((id) => !usages.socle.permitted.some((one) => one.id === id)));
const AT_ONCE = 8;

for (const [what, change] of CHANGES) {
  await t.test(`with any one value of each answer ${what}, nobody is accused nor unknown`, async (t) => {
    const met = new Set<Statut>();
    const one = async (n: number) => {
      const answers: Answers = (id, company) => {
        const place = places.get(id)?.[n];
        const payload = rich[id](company);
        return json(200, place ? withValueAt(payload, place, change) : payload);
      };
      const { asked, statuts } = await sweepOf(t, answers, n < otherPlaces ? 'marche_public' : 'socle');
      for (const statut of statuts) met.add(statut);
      const wrong = asked.filter(({ statut }) => !/^(obtenu|indisponible)$/.test(statut));
      for (const { source, statut } of wrong)
        t.fail(`${source}, ${places.get(source as AskedId)?.[n]}: ${statut}`);
    };
    for (let n = 0; n < mostPlaces; n += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, mostPlaces - n) }, (_, i) => one(n + i)));
    }
    t.strictSame([...met].sort(), ['indisponible', 'obtenu']);
  });
}

// ---------------------------------------------------------------- errors, for every source

const BY_STATUS: Partial<Record<number, Statut>> = {
  401: 'non_autorise',
  403: 'non_autorise',
  451: 'non_autorise',
  409: 'differe',
  429: 'differe',
};
const HUB_CODES: Record<number, string> = {
  400: '00401',
  401: '00101',
  403: '00100',
  404: '00402',
  409: '00015',
  410: '00403',
  422: '00301',
  429: '00429',
  451: '01005',
  500: '00500',
  502: '00501',
  503: '00502',
  504: '00501',
};

const SUB_CODES = ['000', '001', '002', '008', '020', '777', '999'];

const BODIES: [what: string, script: (status: number, id: AskedId) => Script, code?: 'kept' | 'none'][] = [
  ['no body', (status) => raw(status, ''), 'none'],
  ['a text', (status) => raw(status, 'Not Found', { 'content-type': 'text/plain' }), 'none'],
  ['JSON that is no error', (status) => json(status, { message: 'non' }), 'none'],
  ['no error in the list', (status) => json(status, { errors: [] }), 'none'],
  ['an error that is a text', (status) => json(status, { errors: ['38422'] }), 'none'],
  ['the shape of a success', (status, id) => json(status, rich[id](companyOf(siretNumber(0)))), 'none'],
  ['the code of the hub', (status) => failing(status, HUB_CODES[status]), 'kept'],
];

for (const [key, hubCode] of Object.entries(HUB_CODES)) {
  const status = Number(key);
  const statut = BY_STATUS[status] ?? 'indisponible';
  await t.test(`${status} is ${statut} for every source, with or without a body`, async (t) => {
    const withBody = BODIES.map(async ([what, script, code]) => {
      const data = await showStatuts(t, (id) => script(status, id), statut);
      const codes = new Set(ids.map((id) => data.pieces[id]?.erreur?.code));
      t.strictSame([...codes], [code === 'kept' ? hubCode : `http_${status}`], what);
      t.ok(
        ids.every((id) => (data.pieces[id]?.nouvel_essai_le === null) === (statut === 'non_autorise')),
        'another try is named, but where rights lack',
      );
      t.ok(data.constats.every(({ conclusion }) => conclusion === 'impossible_a_conclure'));
    });
    const withCode = SUB_CODES.map(async (subCode) => {
      const data = await showStatuts(t, (id) => failing(status, own(id, subCode)), statut);
      for (const id of ids) t.equal(data.pieces[id]?.erreur?.code, own(id, subCode), id);
    });
    // Together, since some are asked again as long as their time allows.
    await Promise.all([...withBody, ...withCode]);
  });

  if (status === 404) continue;
  await t.test(`"not found" under ${status} is ${statut} for every source`, async (t) => {
    const data = await showStatuts(t, (id) => failing(status, own(id, '003')), statut);
    for (const id of ids) t.equal(data.pieces[id]?.erreur?.code, own(id, '003'), id);
  });
}

const ABSENCES: [what: string, body: (code: string) => unknown][] = [
  ['in full', (code) => errors(code)],
  ['without meta', (code) => ({ errors: [error(code, {})] })],
  ['with a source that is null', (code) => ({ errors: [error(code, { source: null, meta: null })] })],
  ['with a source', (code) => ({ errors: [error(code, { source: { parameter: 'siret' } })] })],
  ['without title nor detail', (code) => ({ errors: [{ code }] })],
  ['with what the provider said', (code) => withMeta(code, { provider_errors: [{ code: 'FUNC517' }] })],
  ['with a meta that is a list', (code) => ({ errors: [error(code, { meta: [] })] })],
  ['with a retry_in that is a text', (code) => withMeta(code, { retry_in: '172800' })],
  ['twice', (code) => errors(code, code)],
  ['as a number', (code) => errors(Number(code))],
  ['without its leading zero', (code) => errors(code.replace(/^0/, ''))],
];

function withMeta(code: unknown, meta: object) {
  return { errors: [error(code, { meta: { provider: 'ACOSS', ...meta } })] };
}

for (const [what, body] of ABSENCES) {
  await t.test(`"not found" written ${what} is non_trouve for every source`, async (t) => {
    const response = await ask((id) => json(404, body(own(id, '003'))));
    t.equal(response.statusCode, 404, 'a company that nobody knows');
    t.match(response.headers['content-type'], 'application/problem+json');
    const absent = (id: AskedId) => json(404, body(own(id, '003')));
    await showStatuts(
      t,
      (id, company) => (id === 'insee_etablissement' ? genuine(id, company) : absent(id)),
      'non_trouve',
      { insee_etablissement: 'obtenu' },
    );
  });
}

await t.test('"not found" and something else in one answer say nothing of the company', async (t) => {
  for (const other of ['999', '002', '422', '005']) {
    for (const codes of [
      ['003', other],
      [other, '003'],
    ]) {
      await showStatuts(t, (id) => failing(404, ...codes.map((code) => own(id, code))), 'indisponible');
    }
  }
});

await t.test(
  'no code but those of Urssaf, CIBTP and Infogreffe says something at one source only',
  async (t) => {
    for (const subCode of ['422', '501', '502', '503', '505', '510']) {
      for (const status of [404, 502]) {
        const isSaid = (id: AskedId) => {
          if (id === URSSAF) return /501|502/.test(subCode) && 'en_examen';
          if (id === CIBTP) return subCode === '422' && status === 404 && 'refuse';
          return /^infogreffe/.test(id) && subCode === '502' && 'non_trouve';
        };
        const expected = Object.fromEntries(ids.flatMap((id) => (isSaid(id) ? [[id, isSaid(id)]] : [])));
        await showStatuts(t, (id) => failing(status, own(id, subCode)), 'indisponible', expected as Expected);
      }
    }
  },
);

// ---------------------------------------------------------------- when to try again

const RETRIES: [what: string, meta: object, headers: Record<string, string>, seconds: [number, number]][] = [
  ['retry_in of two days', { retry_in: 172_800 }, {}, [172_800, 172_800]],
  ['retry_in as a text', { retry_in: '172800' }, {}, [1, 172_800]],
  ['retry_in as words', { retry_in: 'demain' }, {}, [1, 3_600]],
  ['retry_in below zero', { retry_in: -300 }, {}, [1, 3_600]],
  ['retry_in without end', { retry_in: 1e15 }, {}, [1, 31 * 86_400]],
  ['retry_in that is null', { retry_in: null }, {}, [1, 3_600]],
  ['Retry-After in seconds', {}, { 'retry-after': '120' }, [120, 120]],
  ['Retry-After below zero', {}, { 'retry-after': '-5' }, [1, 3_600]],
  ['Retry-After without end', {}, { 'retry-after': '99999999999999999999' }, [1, 31 * 86_400]],
  ['Retry-After of a day that is over', {}, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, [0, 3_600]],
  ['Retry-After of words', {}, { 'retry-after': 'soon' }, [1, 3_600]],
  ['RateLimit-Reset that nobody reads', {}, { 'ratelimit-reset': 'demain' }, [1, 3_600]],
];

for (const [what, meta, headers, [least, most]] of RETRIES) {
  await t.test(`with a ${what}, the next try is neither over nor out of sight`, async (t) => {
    for (const [status, subCode] of [
      [502, '501'],
      [503, '020'],
      [429, '429'],
      [409, '015'],
    ] as const) {
      const nowMs = Date.now();
      const data = await dossierOf(
        t,
        ask((id) => json(status, withMeta(own(id, subCode), meta), headers)),
      );
      for (const id of ids) {
        const seconds = (Date.parse(data.pieces[id]?.nouvel_essai_le ?? '') - nowMs) / 1000;
        if (!(seconds > least - 2 && seconds < most + 5)) t.fail(`${id}, ${status}: ${seconds} s`);
      }
    }
  });
}

// ---------------------------------------------------------------- answers about another company

const OTHER = companyOf('55203253400646');
const ABOUT: AskedId[] = [
  'insee_etablissement',
  'insee_unite_legale',
  'infogreffe_extrait_rcs',
  'inpi_extrait_rne',
  'djepva_association',
  'commission_europeenne_numero_tva',
  'douanes_eori',
  'gip_mds_effectifs_annuels',
  'gip_mds_effectifs_mensuels',
  'carif_oref_qualiopi',
];

await t.test('answers about another company are set aside by every source that names one', async (t) => {
  const data = await showStatuts(
    t,
    (id, company) => json(200, rich[id](ABOUT.includes(id) ? OTHER : company)),
    'obtenu',
    Object.fromEntries(ABOUT.map((id) => [id, 'indisponible'])),
  );
  for (const id of ABOUT) {
    t.match(data.pieces[id], { donnees: null, erreur: { code: 'identifiant_different' } }, id);
  }
  const alertes = data.alertes.filter(({ code }) => code === 'siren_incoherent');
  t.strictSame(alertes.flatMap(({ pieces }) => pieces).sort(), [...ABOUT].sort());
  t.ok(alertes.every(({ niveau }) => niveau === 'critique'));
  t.notMatch(JSON.stringify(data.identite), OTHER.siren);
  t.match(data.identite, {
    denomination: null,
    adresse: null,
    etablissement: null,
    siege: null,
    numero_tva: null,
    numero_eori: null,
    immatriculation_rcs: null,
    immatriculation_rne: null,
    association: null,
  });
  t.match(data.social, { effectif_annuel: null, effectif_mensuel: null });
});

for (const id of ABOUT) {
  await t.test(`an answer of ${id} about another company leaves nothing in the identity`, async (t) => {
    const script: Answers = (one, company) => json(200, rich[one](one === id ? OTHER : company));
    const data = await showStatuts(t, script, 'obtenu', { [id]: 'indisponible' });
    t.strictSame(
      data.alertes.filter(({ code }) => code === 'siren_incoherent').map(({ pieces }) => pieces),
      [[id]],
    );
    t.notMatch(JSON.stringify(data.identite), OTHER.siren);
  });
}

await t.test(
  'an establishment of the SIRET asked that belongs to another company lends it no name',
  async (t) => {
    const mixed: Answers = (id, company) => {
      if (id !== 'insee_etablissement') return failing(404, own(id, '003'));
      const { data } = rich[id](company) as { data: { unite_legale: object } };
      const { data: other } = rich[id](OTHER) as { data: { unite_legale: object } };
      return json(200, single({ ...data, unite_legale: { ...other.unite_legale } }));
    };
    const data = await dossierOf(t, ask(mixed));
    t.ok(data.alertes.some(({ code }) => code === 'siren_incoherent' || code === 'siret_redirige'));
    t.equal(data.identite.denomination, null);
  },
);

await t.test('an announced redirection is told, and nothing of it enters the identity', async (t) => {
  const redirected: Answers = (id, company) => {
    if (id !== 'insee_etablissement') return failing(404, own(id, '003'));
    return json(200, {
      ...rich[id](OTHER),
      meta: { date_derniere_mise_a_jour: null, redirect_from_siret: company.siret },
    });
  };
  const data = await dossierOf(t, ask(redirected));
  t.match(data.alertes[0], { code: 'siret_redirige', niveau: 'critique' });
  t.ok(Object.values(data.identite).every((value) => value === null));
  t.ok(data.constats.every(({ conclusion }) => conclusion === 'impossible_a_conclure'));
});
