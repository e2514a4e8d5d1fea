import { readdirSync } from 'node:fs';
import t from 'tap';
import { isSiren, isSiret } from '../../src/dossier/siret.ts';
import type { Answer, Question } from '../../src/sandbox/answer.ts';
import { DOCUMENT } from '../../src/sandbox/answer.ts';
import { endOfVigilance } from '../../src/sandbox/calendar.ts';
import { createAnswerQuestion } from '../../src/sandbox/companies.ts';
import { type Persona, readPersonas } from '../../src/sandbox/personas.ts';
import { resolveDates } from '../../src/sandbox/relative-dates.ts';
import { companyOf } from '../../src/sandbox/synthetic/company.ts';
import { errorSchema, wireSchemas } from './wire-schemas.ts';

const fixturesDir = new URL('../../fixtures/', import.meta.url);
const ask = createAnswerQuestion({ fixturesDir });
const personas = readPersonas(fixturesDir);
const TODAY = '2026-11-24';

// biome-ignore lint/suspicious/noExplicitAny: a test reads the wire as it comes
type Wire = any;

/** What each endpoint takes, when it is not a SIREN. */
const BY_SIRET = new Set(
  `insee_etablissement insee_etablissement_diffusible insee_adresse insee_successions douanes_eori
  dgfip_chiffres_affaires msa_conformite_cotisations probtp_conformite_cotisations_retraite
  probtp_attestation_cotisations_retraite cibtp_attestation_conges_payes gip_mds_effectifs_mensuels
  conventions_collectives qualibat_certification qualifelec_certificats ademe_certification_rge
  carif_oref_qualiopi`.split(/\s+/),
);

function parametersOf(endpoint: string): Record<string, string> {
  if (endpoint === 'gip_mds_effectifs_mensuels') return { year: '2026', month: '09', profondeur: '3' };
  return /^(dgfip_li|gip_mds)/.test(endpoint) ? { year: '2025' } : {};
}

function answerOf(endpoint: string, identifier: string, more: Partial<Question> = {}): Answer | null {
  return ask({ endpoint, identifier, parameters: parametersOf(endpoint), today: TODAY, ...more });
}

function dataOf(endpoint: string, identifier: string, more: Partial<Question> = {}): Wire {
  return answerOf(endpoint, identifier, more)?.body.data;
}

/** What is wrong with an answer: null when it is exactly of the format of its endpoint. */
function flawOf(endpoint: string, { status, body, document }: Answer): string | null {
  const schema = status === 200 ? wireSchemas[endpoint] : errorSchema;
  const parsed = schema?.safeParse(body);
  if (!parsed?.success) return `${endpoint} ${status}: ${parsed?.error.message}`;
  const sent = JSON.stringify(body);
  if (sent.includes('$' + '{')) return `${endpoint}: a placeholder is left`;
  return sent.includes(DOCUMENT) === (document !== undefined)
    ? null
    : `${endpoint}: a link without its document`;
}

/** Each file of a persona: its endpoint, and an identifier it answers. */
function filesOf({ folder, siren, siret }: Persona): { endpoint: string; identifier: string }[] {
  return readdirSync(folder)
    .filter((file) => file !== 'persona.json')
    .map((file) => file.replace('.json', '').split('.'))
    .map(([endpoint = '', own]) => ({
      endpoint,
      identifier: own ?? (BY_SIRET.has(endpoint) ? siret : siren),
    }));
}

function persona(name: string): Persona {
  const found = personas.find(({ folder }) => folder.endsWith(`/${name}`));
  if (!found) throw new Error(`no persona named ${name}`);
  return found;
}

/** The first `count` valid SIRENs of a walk over all of them. */
function sirens(count: number): string[] {
  const found: string[] = [];
  for (let root = 10_000_000; found.length < count; root += 22_003)
    found.push([...'0123456789'].map((check) => `${root}${check}`).find(isSiren) ?? '');
  return found;
}

t.test('each file of each persona is exactly of the format of its endpoint', async (t) => {
  for (const persona of personas)
    for (const { endpoint, identifier } of filesOf(persona)) {
      const answer = answerOf(endpoint, identifier);
      t.ok(answer, `${persona.folder} ${endpoint} answers for ${identifier}`);
      t.equal(answer && flawOf(endpoint, answer), null, persona.folder);
    }
});

t.test('the answers derived from those files are of the format of their endpoint too', async (t) => {
  const derived = Object.keys(wireSchemas).filter((endpoint) =>
    /diffusible|siege|adresse|open/.test(endpoint),
  );
  for (const { folder, siren, siret } of personas)
    for (const endpoint of derived) {
      const answer = answerOf(endpoint, BY_SIRET.has(endpoint) ? siret : siren);
      t.equal(answer && flawOf(endpoint, answer), null, `${folder} ${endpoint}`);
    }
});

t.test('each identifier of a persona begins with 000 and has its check digits', async (t) => {
  for (const { folder, siren, siret } of personas) {
    t.ok(siren.startsWith('000') && isSiren(siren) && isSiret(siret) && siret.startsWith(siren), folder);
    for (const file of readdirSync(folder)) {
      const own = file.split('.').at(-2) ?? '';
      if (/^\d+$/.test(own)) t.ok(own.startsWith('000') && (isSiren(own) || isSiret(own)), file);
    }
  }
});

t.test('each persona is known to INSEE by the SIRET and the SIREN it gives', async (t) => {
  for (const { folder, siren, siret } of personas) {
    t.equal(answerOf('insee_etablissement', siret)?.status, 200, folder);
    t.equal(answerOf('insee_unite_legale', siren)?.status, 200, folder);
    t.equal(answerOf('insee_siege_social', siren)?.status, 200, folder);
  }
});

t.test('made-up companies answer every endpoint in its format', async (t) => {
  const flaws: string[] = [];
  for (const siren of sirens(3000))
    for (const endpoint of Object.keys(wireSchemas)) {
      const answer = answerOf(endpoint, BY_SIRET.has(endpoint) ? companyOf(siren).headOffice : siren);
      const flaw = answer && flawOf(endpoint, answer);
      if (flaw) flaws.push(`${siren} ${flaw}`);
    }
  t.same(flaws.slice(0, 3), []);
});

t.test('every endpoint knows some made-up company, and none but INSEE knows them all', async (t) => {
  const all = sirens(1000);
  for (const endpoint of Object.keys(wireSchemas)) {
    const known = all.filter((siren) =>
      answerOf(endpoint, BY_SIRET.has(endpoint) ? companyOf(siren).headOffice : siren),
    );
    t.ok(known.length > 0, endpoint);
    if (!endpoint.startsWith('insee')) t.ok(known.length < all.length, endpoint);
  }
});

t.test('the shares of made-up companies are those of a varied country', async (t) => {
  const companies = sirens(4000).map((siren) => companyOf(siren));
  const percentOf = (isOne: (company: (typeof companies)[number]) => boolean) =>
    (100 * companies.filter(isOne).length) / companies.length;
  const isBetween = (percent: number, low: number, high: number) => percent >= low && percent <= high;
  t.ok(
    isBetween(
      percentOf(({ kind }) => kind === 'individuel'),
      13,
      17,
    ),
  );
  t.ok(
    isBetween(
      percentOf(({ kind }) => kind === 'association'),
      3,
      7,
    ),
  );
  t.ok(
    isBetween(
      percentOf(({ trade }) => /batiment|travaux/.test(trade.sector)),
      7,
      13,
    ),
  );
  t.ok(
    isBetween(
      percentOf(({ vigilance }) => vigilance === 'refusee'),
      1,
      5,
    ),
  );
  t.ok(
    isBetween(
      percentOf(({ vigilance }) => vigilance === 'analyse'),
      0.5,
      4,
    ),
  );
  t.ok(
    isBetween(
      percentOf(({ ceasedOn }) => ceasedOn !== null),
      1.5,
      5,
    ),
  );
});

t.test('the same SIRET always gets the same answer', async (t) => {
  const another = createAnswerQuestion({ fixturesDir });
  for (const siret of ['55203253400646', persona('pme-en-regle').siret])
    for (const endpoint of Object.keys(wireSchemas)) {
      const identifier = BY_SIRET.has(endpoint) ? siret : siret.slice(0, 9);
      const question = { endpoint, identifier, parameters: parametersOf(endpoint), today: TODAY };
      t.same(another(question), ask(question), endpoint);
    }
});

t.test(
  'a persona asked again another day, or with other parameters, is not answered from memory',
  async (t) => {
    const { siren } = persona('pme-en-regle');
    const yearOf = (year: string, today = TODAY) =>
      dataOf('gip_mds_effectifs_annuels', siren, { parameters: { year }, today });
    t.equal(yearOf('2025').annee, '2025');
    t.equal(yearOf('2024').annee, '2024');
    t.equal(yearOf('2025', '2026-12-31').effectifs_annuel[0].date_derniere_mise_a_jour, '2026-11-30');
    t.equal(yearOf('2025').effectifs_annuel[0].date_derniere_mise_a_jour, '2026-10-31');
  },
);

t.test('a real SIRET gets a name that nobody can take for a real one', async (t) => {
  const establishment = dataOf('insee_etablissement', '55203253400646');
  t.equal(establishment.siret, '55203253400646');
  t.match(JSON.stringify(establishment.unite_legale), /FICTI(F|VE) 552032534/);
  t.equal(dataOf('insee_etablissement', '35600000000048').unite_legale.siren, '356000000');
});

t.test('the SIRETs of one SIREN are establishments of one company', async (t) => {
  const siege = companyOf('552032534').headOffice;
  const [one, other] = [
    dataOf('insee_etablissement', '55203253400646'),
    dataOf('insee_etablissement', siege),
  ];
  t.same(one.unite_legale, other.unite_legale);
  t.same([one.siege_social, other.siege_social], [false, true]);
});

t.test('an identifier nobody can have is unknown to every endpoint', async (t) => {
  const unknown = [
    '000000000',
    '00000000000000',
    '00090900400001',
    '552032535',
    '55203253400645',
    'FR552032534',
  ];
  for (const identifier of unknown)
    for (const endpoint of Object.keys(wireSchemas))
      t.equal(answerOf(endpoint, identifier), null, identifier);
});

t.test('a SIRET whose SIREN part is not valid is nobody', async (t) => {
  t.equal(isSiren('552032535'), false);
  const siret = [...'0123456789'].map((check) => `5520325350000${check}`);
  for (const each of siret) t.equal(answerOf('insee_etablissement', each), null);
});

t.test('dates follow the day of the question', async (t) => {
  const { siren } = persona('pme-en-regle');
  const on = (today: string) => dataOf('urssaf_attestation_vigilance', siren, { today });
  t.match(on('2026-11-24'), { date_debut_validite: '2026-10-31', date_fin_validite: '2027-04-30' });
  t.match(on('2027-02-10'), { date_debut_validite: '2027-01-17', date_fin_validite: '2027-07-31' });
  const made = sirens(50).find((each) => companyOf(each).vigilance === 'delivree') ?? '';
  const ends = ['2026-11-24', '2027-11-24'].map(
    (today) => dataOf('urssaf_attestation_vigilance', made, { today }).date_fin_validite,
  );
  t.not(ends[0], ends[1]);
});

t.test(
  'a vigilance certificate is valid to the end of the month six months after its analysis',
  async (t) => {
    t.equal(endOfVigilance('2022-12-03'), '2023-06-30');
    t.equal(endOfVigilance('2026-08-31'), '2027-02-28');
    t.equal(endOfVigilance('2027-08-31'), '2028-02-29');
    for (const siren of [...personas.map((each) => each.siren), ...sirens(500)]) {
      const data = dataOf('urssaf_attestation_vigilance', siren);
      if (data?.date_debut_validite)
        t.equal(data.date_fin_validite, endOfVigilance(data.date_debut_validite));
    }
  },
);

t.test('a day of INSEE is Paris midnight, in winter and in summer', async (t) => {
  const unix = (today: string) => resolveDates('$' + '{unix}', { today, parameters: {} }) as unknown;
  t.equal(unix('2026-01-15'), Date.parse('2026-01-14T23:00:00Z') / 1000);
  t.equal(unix('2026-07-15'), Date.parse('2026-07-14T22:00:00Z') / 1000);
});

t.test('a fixture with an unknown placeholder is refused', async (t) => {
  const value = '$' + '{demain}';
  t.throws(() => resolveDates(value, { today: TODAY, parameters: {} }), /unknown placeholder.*demain/);
});

t.test('the company created this year is, even on 1 January', async (t) => {
  const { siren } = persona('entreprise-creee-cette-annee');
  for (const today of ['2026-11-24', '2027-01-01', '2027-01-02']) {
    const year = today.slice(0, 4);
    t.equal(dataOf('infogreffe_extrait_rcs', siren, { today }).date_immatriculation.slice(0, 4), year);
    const created = dataOf('insee_unite_legale', siren, { today }).date_creation;
    t.ok(created >= Date.parse(`${year}-01-01T00:00:00+01:00`) / 1000, today);
  }
});

t.test('accounts of a year are not there before they are filed, nor after three years', async (t) => {
  const { siren } = persona('pme-en-regle');
  const isFiled = (year: string, today: string) =>
    answerOf('dgfip_liasses_fiscales', siren, { parameters: { year }, today }) !== null;
  t.equal(isFiled('2026', '2027-05-14'), false);
  t.equal(isFiled('2026', '2027-05-15'), true);
  t.equal(isFiled('2023', '2026-11-24'), true);
  t.equal(isFiled('2022', '2026-11-24'), false);
});

t.test('monthly headcounts go back as deep as asked, and stop at the last published month', async (t) => {
  const months = (siret: string, parameters: Record<string, string>, today = TODAY) =>
    dataOf('gip_mds_effectifs_mensuels', siret, { parameters, today })
      ?.effectifs_mensuels.filter(({ regime }: Wire) => regime === 'regime_general')
      .map(({ annee, mois }: Wire) => `${annee}-${mois}`);
  for (const siret of [persona('pme-en-regle').siret, companyOf('552032534').headOffice]) {
    t.same(months(siret, { year: '2026', month: '02', profondeur: '2' }), ['2026-02', '2026-01', '2025-12']);
    t.same(months(siret, { year: '2026', month: '11', profondeur: '2' }), ['2026-09']);
    t.equal(months(siret, { year: '2026', month: '10' }), undefined);
    t.same(months(siret, { year: '2026', month: '10' }, '2026-11-30'), ['2026-10']);
    t.equal(months(siret, { year: '2012', month: '03' }), undefined);
  }
});

t.test('the nature of the headcount is the one asked', async (t) => {
  const natureOf = (siren: string, nature_effectif: string) =>
    dataOf('gip_mds_effectifs_annuels', siren, { parameters: { year: '2025', nature_effectif } })
      .effectifs_annuel[0].nature;
  for (const siren of [persona('pme-en-regle').siren, '552032534'])
    t.equal(natureOf(siren, 'boeth'), 'effectif_boeth_annuel');
});

t.test(
  'the diffusible answers of a partial entity keep its commune and hide its name and street',
  async (t) => {
    const { siren, siret } = persona('diffusion-partielle');
    const shown = dataOf('insee_etablissement_diffusible', siret);
    const { adresse, unite_legale } = shown;
    t.match(adresse, { code_commune: '12202', libelle_commune: 'RODEZ' });
    for (const field of ['numero_voie', 'type_voie', 'libelle_voie', 'complement_adresse', 'code_postal'])
      t.equal(adresse[field], '[ND]', field);
    t.match(adresse.acheminement_postal, { l2: '[ND]', l4: '[ND]', l6: '[ND]', l7: 'FRANCE' });
    t.same([...new Set(Object.values(unite_legale.personne_physique_attributs))], ['[ND]']);
    t.equal(shown.enseigne, '[ND]');
    t.notMatch(
      JSON.stringify([shown, dataOf('insee_unite_legale_diffusible', siren)]),
      /AUBRAC|BARRIOU|LUMEN|12000/i,
    );
    t.same([shown.diffusable_commercialement, shown.status_diffusion], [true, 'partiellement_diffusible']);
    t.match(dataOf('insee_etablissement', siret), {
      diffusable_commercialement: false,
      adresse: { code_postal: '12000' },
    });
  },
);

t.test('the diffusible answers of an open entity are the protected ones', async (t) => {
  const { siret } = persona('pme-en-regle');
  t.same(answerOf('insee_etablissement_diffusible', siret), answerOf('insee_etablissement', siret));
});

t.test('the open version of an association says neither who leads it nor its papers', async (t) => {
  const { siren } = persona('association-rna');
  const [full, open] = [dataOf('djepva_association', siren), dataOf('djepva_association_open_data', siren)];
  t.match(full.etablissements[0].representants_legaux[0], { nom: 'FERRANDIS' });
  t.notMatch(JSON.stringify(open), /FERRANDIS|representants_legaux|documents_rna|documents_dac/);
});

t.test('an association answers to its RNA number', async (t) => {
  const { rna = '', siren } = persona('association-rna');
  t.same(dataOf('djepva_association', rna), dataOf('djepva_association', siren));
  const made = sirens(300).find((each) => companyOf(each).kind === 'association') ?? '';
  t.same(dataOf('djepva_association', `W${made}`), dataOf('djepva_association', made));
  t.equal(dataOf('insee_unite_legale', made).rna, `W${made}`);
});

t.test('a redirected SIRET is answered by the head office of the company that took it over', async (t) => {
  const { siren, siret } = persona('siret-redirige');
  const { data, meta }: Wire = answerOf('insee_etablissement', siret)?.body ?? {};
  t.not(data.siret, siret);
  t.equal(meta.redirect_from_siret, siret);
  const unit: Wire = answerOf('insee_unite_legale', siren)?.body;
  t.equal(unit.meta.redirect_from_siren, siren);
  t.equal(unit.data.siren, data.unite_legale.siren);
  t.same(dataOf('insee_etablissement', data.siret), data);
});

t.test('the closed shop is closed, and the head office of its company open', async (t) => {
  const { siren, siret } = persona('etablissement-ferme');
  t.match(dataOf('insee_etablissement', siret), { etat_administratif: 'F', siege_social: false });
  t.match(dataOf('insee_siege_social', siren), { etat_administratif: 'A', siege_social: true });
});

t.test('ADEME gives no more certificates than the limit asked', async (t) => {
  const { siret } = persona('entreprise-batiment');
  const countFor = (parameters: Record<string, string>) =>
    dataOf('ademe_certification_rge', siret, { parameters }).length;
  t.same([countFor({}), countFor({ limit: '2' })], [4, 2]);
});

t.test('the big group has five hundred establishments in the national register', async (t) => {
  t.equal(dataOf('inpi_extrait_rne', persona('groupe-500-etablissements').siren).etablissements.length, 500);
});
