import fc from 'fast-check';
import t from 'tap';
import { CRITERIA } from '../../src/espd/criteria.ts';
import { type EspdRequest, readRequest } from '../../src/espd/read-request.ts';
import { espdResponseOf, type Responding } from '../../src/espd/response.ts';
import type { SourceId } from '../../src/sources/catalog.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { RECIPIENT, SIRET } from '../helpers/app.ts';
import { criterion, evidenceGroup, group, property, requestXml } from '../helpers/espd-request.ts';
import { all, at, faultsIn, RULES, readXml, responseTo } from '../helpers/espd-rules.ts';
import { dossierOf, type Given, obtained, stale, stated, TODAY, type World } from '../helpers/examined.ts';

const SOURCES = [
  'insee_etablissement',
  'insee_unite_legale',
  'infogreffe_extrait_rcs',
  'inpi_extrait_rne',
  'commission_europeenne_numero_tva',
  'dgfip_attestation_fiscale',
  'dgfip_chiffres_affaires',
  'urssaf_attestation_vigilance',
  'msa_conformite_cotisations',
  'gip_mds_effectifs_annuels',
] as const satisfies SourceId[];
const IN_ORDER = Object.fromEntries(SOURCES.map((id) => [id, obtained(id)]));
const BASE = 'https://passerelle.example';

function respond(given: World['given'], over: Partial<Responding> = {}, world: Partial<World> = {}): string {
  const dossier = dossierOf({ given, ...world });
  return espdResponseOf({
    dossier,
    date: world.date ?? TODAY,
    today: TODAY,
    baseUrl: BASE,
    dossierUrl: `${BASE}${dossier.links.self}`,
    buyer: { siret: RECIPIENT as never, nom: 'Ville' },
    object: '2026-001',
    role: 'sole-tenderer',
    request: null,
    lot: null,
    uuid: '0f0e0d0c-0b0a-4908-8706-050403020100',
    atMs: NOON_MS,
    ...over,
  });
}

function completed(xml: string, given: World['given'] = IN_ORDER): string {
  const request = readRequest(Buffer.from(xml)) as EspdRequest;
  return respond(given, { request, lot: request.lots[0] ?? null });
}

const whole = respond(IN_ORDER);

/** What breaks each rule in a document that keeps them all. */
const SPOILT: [rule: RegExp, from: RegExp | string, to: string][] = [
  [/order/, /(<cbc:IssueDate>.*?<\/cbc:IssueDate>)\s*(<cbc:IssueTime>.*?<\/cbc:IssueTime>)/s, '$2$1'],
  [/empty/, /<cbc:Name>Ville</, '<cbc:Name><'],
  [/BR-OTH-05/, '>2.3<', '>2.1<'],
  [/head/, '>0f0e0d0c-0b0a-4908', '>0f0e0d0c-0b0a-1908'],
  [/BR-OTH-01/, / listVersionID="20211208-0"/, ''],
  [/BR-OTH-02/, / schemeAgencyID="SIRENE"/, ''],
  [/BR-LOT-10/, /<cac:ProcurementProjectLot>.*?<\/cac:ProcurementProjectLot>/s, ''],
  [/BR-LOT-41/, /<cac:ProcurementProjectLotReference>.*?<\/cac:ProcurementProjectLotReference>/s, ''],
  [/operator/, />sole-tenderer</, '>seul<'],
  [/prefilled/, '>Dites-le-nous une fois<', '>Autre<'],
  [/name and a description/, '<cbc:Description>L', '<cbc:Name>x</cbc:Name><cbc:Description>L'],
  [/identifier of its own/, '>C12_EG_bankruptcy/QG2/Q1<', '>C7_EG_tax-pay/QG1/Q1<'],
  [/BR-TCR-01\)/, 'ID="DITES-LE-NOUS-UNE-FOIS">C7_EG_tax-pay/QG1/Q1<', 'ID="X">C8_EG_socsec-pay/QG1/Q1<'],
  [/BR-TCR-03/, '</cac:ResponseValue>', '</cac:ResponseValue><cac:EvidenceSupplied/>'],
  [/BR-TCR-08/, ' unitCode="YEAR"', ''],
  [/BR-TCR-06/, '<cbc:ResponseIndicator>true<', '<cbc:ResponseIndicator>false<'],
  [/BR-TCR-09/, /<cac:Evidence>.*?<\/cac:Evidence>/s, ''],
  [/confidential/, `${BASE}/v1`, '/v1'],
  [
    /exclusion ground/,
    'ID="DITES-LE-NOUS-UNE-FOIS">C7_EG_tax-pay/QG1/Q1<',
    'ID="X">C7_EG_tax-pay/RG1/QSG1/Q1<',
  ],
  [/answered false/, '<cbc:ResponseIndicator>true<', '<cbc:ResponseIndicator>false<'],
];

for (const [rule, faultsOf] of Object.entries(RULES)) {
  t.test(`generic response: ${rule}`, async (t) => {
    t.strictSame(faultsOf(readXml(whole)), []);
    const spoilt = SPOILT.find(([pattern]) => pattern.test(rule));
    t.ok(spoilt, 'the rule is seen to break');
    if (!spoilt) return;
    const [, from, to] = spoilt;
    const broken = whole.replace(from, to);
    t.not(broken, whole);
    t.not(faultsOf(readXml(broken)).length, 0);
  });
}

t.test('facts are answered: turnovers, headcount, registration', async (t) => {
  const root = readXml(whole);
  const { data } = dossierOf({ given: IN_ORDER });
  const amounts = all(root, 'cbc:ResponseAmount').map(({ text }) => Number(text));
  t.strictSame(
    amounts,
    data.fiscal.chiffres_affaires?.map((one) => one.montant_euros),
  );
  const ends = all(root, 'cbc:EndDate').map(({ text }) => text);
  t.strictSame(
    ends,
    data.fiscal.chiffres_affaires?.map((one) => one.date_fin_exercice),
  );
  const headcount = responseTo(root, 'C50_SC_year-manpower/RG1/RSG1/QSG2/Q2');
  t.equal(headcount?.children.at(-1)?.text, String(Math.round(data.social.effectif_annuel?.total ?? 0)));
  const trade = responseTo(root, 'C26_SC_trade-regist/RG1/RSG1/QSG2/QSG1/Q1');
  t.match(trade?.children.at(-1)?.text, new RegExp(`^${SIRET.slice(0, 9)}`));
  t.ok(all(root, 'cbc:ID').some(({ text, attributes: a }) => a.schemeID === 'VAT' && text.startsWith('FR')));
});

t.test('a company struck off, or ceased, is not said to be registered', async (t) => {
  const question = 'C26_SC_trade-regist/RG1/RSG1/QSG2/Q1';
  t.ok(responseTo(readXml(whole), question));
  const struck = {
    infogreffe_extrait_rcs: obtained('infogreffe_extrait_rcs', { date_radiation: '2026-01-01' }),
  };
  const ceased = {
    insee_etablissement: stated('non_trouve'),
    insee_unite_legale: obtained('insee_unite_legale', { etat_administratif: 'cesse' }),
  };
  for (const changed of [struck, ceased]) {
    t.notOk(responseTo(readXml(respond({ ...IN_ORDER, ...changed })), question));
  }
});

t.test('an expired certificate is not evidence, nor one that speaks of other days', async (t) => {
  const id = 'urssaf_attestation_vigilance';
  const namesVigilance = (xml: string) => xml.includes(id);
  t.ok(namesVigilance(whole));
  const expired = obtained(id, {}, { validite: { du: '2025-01-01', au: '2025-06-30' } });
  t.notOk(namesVigilance(respond({ ...IN_ORDER, [id]: expired })));
  t.notOk(namesVigilance(respond(IN_ORDER, {}, { date: '2024-01-15' })));
});

t.test('evidence leads to the document that the gateway keeps, else to the dossier', async (t) => {
  const sha256 = 'ab'.repeat(32);
  const held = obtained('urssaf_attestation_vigilance', {}, { document: { sha256, taille: 10 } });
  const root = readXml(respond({ ...IN_ORDER, urssaf_attestation_vigilance: held }));
  const uriOf = (source: string) => {
    const evidence = all(root, 'cac:Evidence').find((one) => at(one, 'cbc:ID')[0]?.startsWith(`${source}/`));
    return evidence && all(evidence, 'cbc:URI')[0]?.text;
  };
  const document = `/v1/dossiers/${SIRET}/documents/urssaf_attestation_vigilance/${sha256}?usage=marche_public`;
  t.equal(uriOf('urssaf_attestation_vigilance'), BASE + document);
  t.equal(uriOf('infogreffe_extrait_rcs'), `${BASE}/v1/dossiers/${SIRET}?usage=marche_public`);
});

const outcome = fc.constantFrom<(id: SourceId) => Given | undefined>(
  (id) => obtained(id),
  (id) => stale(obtained(id)),
  (id) => obtained(id, {}, { validite: { du: '2024-01-01', au: '2024-12-31' } }),
  () => undefined,
  () => stated('refuse'),
  () => stated('en_examen'),
  () => stated('non_trouve'),
  () => failed('indisponible'),
  () => failed('differe'),
  () => failed('non_autorise'),
);

function failed(statut: 'indisponible' | 'differe' | 'non_autorise'): Given {
  return { outcome: { statut, erreur: null, nouvel_essai_le: null }, perime: false };
}

t.test('whatever comes of the sources, no exclusion ground is answered and every rule is kept', async (t) => {
  const asked = requestXml();
  fc.assert(
    fc.property(fc.array(outcome, { minLength: SOURCES.length, maxLength: SOURCES.length }), (outcomes) => {
      const given: World['given'] = {};
      for (const [i, id] of SOURCES.entries()) {
        const one = outcomes[i]?.(id);
        if (one) given[id] = one;
      }
      for (const xml of [respond(given), completed(asked, given)]) {
        const faults = faultsIn(xml);
        if (faults.length > 0) throw new Error(faults.join('\n'));
        for (const id of SOURCES) {
          const isProof = given[id]?.outcome.statut === 'obtenu' && !given[id]?.perime;
          if (!isProof && xml.includes(`${id}/`)) throw new Error(`${id} is evidence`);
        }
      }
    }),
    { numRuns: 25 },
  );
  t.pass();
});

t.test('when no source answers, nothing is answered', async (t) => {
  const none = readXml(respond({}));
  t.strictSame(all(none, 'cac:TenderingCriterionResponse'), []);
  t.strictSame(faultsIn(respond({})), []);
});

t.test('a posted request is completed with its own identifiers', async (t) => {
  const xml = completed(requestXml());
  const root = readXml(xml);
  t.strictSame(faultsIn(xml), []);
  const { fiscal, social } = dossierOf({ given: IN_ORDER }).data;
  const told = (id: string) => responseTo(root, id)?.children.at(-1)?.text;
  t.equal(told('ca-1-montant'), String(fiscal.chiffres_affaires?.[0]?.montant_euros));
  t.equal(told('ca-2-periode'), fiscal.chiffres_affaires?.[1]?.date_fin_exercice);
  t.equal(told('effectif-annee'), social.effectif_annuel?.annee);
  t.equal(told('inscrit-reponse'), 'true');
  t.match(told('inscrit-numero'), /^\d{9}/);
  t.match(told('impots-preuves-preuve'), /^dgfip_attestation_fiscale\//);
  for (const id of [
    'impots-reponse',
    'impots-preuves-en-ligne',
    'crime-reponse',
    'inscrit-motif',
    'ca-seuil',
  ]) {
    t.equal(told(id), undefined, id);
  }
  t.equal(all(root, 'cac:TenderingCriterion').length, 5, 'every criterion is copied');
  t.strictSame(at(root, 'cac:ProcurementProjectLot', 'cbc:ID'), ['LOT-0001']);
  t.strictSame(at(root, 'cbc:ContractFolderID'), ['2026-ECOLE-07']);
  t.strictSame(at(root, 'cac:AdditionalDocumentReference', 'cbc:ID'), ['DUME-2026-42']);
  t.strictSame(at(root, 'cac:ContractingParty', 'cac:Party', 'cac:PartyName', 'cbc:Name'), [
    'Commune de l’Exemple & alentours',
  ]);
  t.notMatch(xml, /Profil d’acheteur/, 'who wrote the request is not who prefilled the answer');
});

t.test('no shape of an exclusion ground makes a yes of it', async (t) => {
  const { uuid, code } = CRITERIA[0] as (typeof CRITERIA)[0];
  const evidence = (id: string) => group(`${id}-g`, 'ONTRUE', property(`${id}-e`, 'EVIDENCE_IDENTIFIER'));
  const shapes = [
    group('a', 'ON*', property('a-1', 'INDICATOR') + evidence('a'), false),
    group('a', 'ON*', property('a-1', 'INDICATOR'), false) +
      group('b', 'ON*', property('b-1', 'INDICATOR') + evidence('b'), false),
    group('a', 'ON*', property('a-1', 'INDICATOR') + group('c', 'ONTRUE', evidenceGroup('d')), false),
  ];
  for (const shape of shapes) {
    const root = readXml(completed(requestXml({ criteria: criterion(uuid, code, shape) })));
    t.strictSame(all(root, 'cbc:ResponseIndicator'), []);
  }
  const [alone, , nested] = shapes.map((shape) =>
    completed(requestXml({ criteria: criterion(uuid, code, shape) })),
  );
  for (const xml of [alone, nested]) {
    t.strictSame(
      all(readXml(xml as string), 'cac:Evidence'),
      [],
      'nor is evidence given to what a yes opens',
    );
  }
});

t.test('a question that a request asks twice is answered once', async (t) => {
  const { uuid, code } = CRITERIA.find(({ nature }) => nature === 'headcount') as (typeof CRITERIA)[0];
  const twice = group('e', 'ON*', property('n', 'QUANTITY_YEAR') + property('n', 'QUANTITY_INTEGER'), false);
  const root = readXml(completed(requestXml({ criteria: criterion(uuid, code, twice, 'LOT-0001') })));
  t.equal(all(root, 'cac:TenderingCriterionResponse').length, 1);
});

t.test('the mean of known turnovers is answered with their number', async (t) => {
  const { uuid, code } = CRITERIA.find(({ nature }) => nature === 'average') as (typeof CRITERIA)[0];
  const mean = group('m', 'ON*', property('m-n', 'QUANTITY_INTEGER') + property('m-a', 'AMOUNT'), false);
  const root = readXml(completed(requestXml({ criteria: criterion(uuid, code, mean, 'LOT-0001') })));
  const known = dossierOf({ given: IN_ORDER }).data.fiscal.chiffres_affaires ?? [];
  const sum = known.reduce((total, one) => total + one.montant_euros, 0);
  t.equal(responseTo(root, 'm-n')?.children.at(-1)?.text, String(known.length));
  t.equal(responseTo(root, 'm-a')?.children.at(-1)?.text, String(Math.round(sum / known.length)));
});

t.test('the date of creation is answered when fewer than three exercises are known', async (t) => {
  const creation = 'C29_SC_gen-year-to/RG1/RSG1/QSG3/Q1';
  t.notOk(responseTo(readXml(whole), creation));
  const one = obtained('dgfip_chiffres_affaires', {
    exercices: [{ date_fin_exercice: '2025-12-31', montant_euros: 10 }],
  });
  const root = readXml(respond({ ...IN_ORDER, dgfip_chiffres_affaires: one }));
  const { identite } = dossierOf({ given: IN_ORDER }).data;
  t.equal(responseTo(root, creation)?.children.at(-1)?.text, identite.date_creation);
});

t.test('the request is referred to by a code of the list of the Publications Office', async (t) => {
  const [reference] = all(readXml(completed(requestXml())), 'cac:AdditionalDocumentReference');
  t.match(reference?.children.at(-1), {
    text: 'ESPD_REQUEST',
    attributes: {
      listID: 'http://publications.europa.eu/resource/authority/docrefcontent-type',
      listAgencyID: 'OP',
    },
  });
});

t.test('evidence of turnovers is none of a date of creation', async (t) => {
  const { uuid, code } = CRITERIA.find(({ nature }) => nature === 'turnover') as (typeof CRITERIA)[0];
  const exercise = property('ca-p', 'PERIOD') + property('ca-m', 'AMOUNT') + evidenceGroup('ca-preuves');
  const inside =
    group('ca-1', 'ON*', exercise) +
    group('creee', 'ON*', property('creee-le', 'DATE') + evidenceGroup('creee-preuves')) +
    evidenceGroup('toutes-preuves');
  const asked = requestXml({
    criteria: criterion(uuid, code, group('ca', 'ON*', inside, false), 'LOT-0001'),
  });
  const one = obtained('dgfip_chiffres_affaires', {
    exercices: [{ date_fin_exercice: '2025-12-31', montant_euros: 10 }],
  });
  const root = readXml(completed(asked, { ...IN_ORDER, dgfip_chiffres_affaires: one }));
  t.ok(responseTo(root, 'creee-le'));
  for (const id of ['ca-preuves', 'toutes-preuves']) t.ok(responseTo(root, `${id}-en-ligne`), id);
  for (const name of ['en-ligne', 'preuve']) t.notOk(responseTo(root, `creee-preuves-${name}`), name);
});

t.test('without a request, evidence is asked for where ESPD-EDM 4.1.0 does', async (t) => {
  const root = readXml(whole);
  for (const path of [
    'C12_EG_bankruptcy/QG2',
    'C26_SC_trade-regist/RG1/RSG1/QSG3',
    'C29_SC_gen-year-to/RG1/RSG1/QSG2/QSG1',
    'C50_SC_year-manpower/RG1/RSG1/QSG3',
  ]) {
    t.match(responseTo(root, `${path}/Q1`)?.children.at(-1)?.text, 'true', path);
    t.ok(responseTo(root, `${path}/QSG1/Q1`), path);
  }
});

t.test('what XML cannot write, and what looks like a tag, is written as text', async (t) => {
  const name = 'A & B <i>"\u0001\ud800';
  const odd = { insee_unite_legale: obtained('insee_unite_legale', { denomination: name }) };
  const object = '</cbc:Name>&x;';
  const xml = respond({ ...IN_ORDER, ...odd }, { object });
  t.strictSame(at(readXml(xml), 'cac:ProcurementProject', 'cbc:Name'), [object]);
  t.notOk(xml.includes('\u0001') || xml.includes('<i>'));
  t.strictSame(faultsIn(xml), []);
});

t.test("a size is Insee's, as long as nothing fresher is beyond it", async (t) => {
  const sizeIn = (over: World['given'], category: string | null = 'PME') => {
    const unite = obtained('insee_unite_legale', { categorie_entreprise: category });
    const given = {
      ...IN_ORDER,
      insee_etablissement: stated('non_trouve'),
      insee_unite_legale: unite,
      ...over,
    };
    return /<cbc:IndustryClassificationCode[^>]*>(\w+)</.exec(respond(given))?.[1] ?? null;
  };
  const headcount = (effectif_total: number) => ({
    gip_mds_effectifs_annuels: obtained('gip_mds_effectifs_annuels', { annee: '2025', effectif_total }),
    dgfip_chiffres_affaires: stated('non_trouve'),
  });
  const turnover = (montant_euros: number) => ({
    gip_mds_effectifs_annuels: stated('non_trouve'),
    dgfip_chiffres_affaires: obtained('dgfip_chiffres_affaires', {
      exercices: [{ date_fin_exercice: '2025-12-31', montant_euros }],
    }),
  });
  t.equal(sizeIn(headcount(249)), 'sme');
  t.equal(sizeIn(headcount(250)), null);
  t.equal(sizeIn(turnover(50_000_000)), 'sme');
  t.equal(sizeIn(turnover(50_000_001)), null);
  t.equal(sizeIn(headcount(2), 'ETI'), 'large', 'it counts those that it is linked to');
  t.equal(sizeIn(headcount(2), null), null);
  const old = { insee_unite_legale: stale(obtained('insee_unite_legale', { categorie_entreprise: 'PME' })) };
  t.equal(sizeIn({ ...headcount(2), ...old }), null, 'stale');
});

t.test('a company in safeguard has nothing to declare under the generic grounds', async (t) => {
  const said = CRITERIA.flatMap(({ generic }) => generic?.description ?? []).join(' ');
  t.match(said, /redressement judiciaire/);
  t.notMatch(said, /procédure collective/);
});
