import t from 'tap';
import type { Collecting } from '../../src/collection/collect.ts';
import { unavailable } from '../../src/dossier/outcome.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { build, collectOf, fact, GOOD, RECIPIENT, SIRET } from '../helpers/app.ts';

/** One source is down: what is not complete is collected each time. */
const KNOWN = {
  insee_unite_legale: fact('obtenu'),
  opqibi_certification: unavailable('delai_depasse', '…', NOON_MS),
};

async function setUp(t: Parameters<typeof build>[0]) {
  let got: Collecting | undefined;
  const app = await build(t, (collecting) => {
    got = collecting;
    return collectOf(KNOWN)(collecting);
  });
  const ask = (more: string, url = GOOD) => app.inject(`${url}${more}`);
  const askedFor = async (more: string) => {
    await ask(more);
    return got?.sources.map(({ source }) => source.id) ?? [];
  };
  return { ask, askedFor, addressOf: (usage: string) => GOOD.replace('marche_public', usage) };
}

t.test('the stage and the nature of a contract decide what is asked and examined', async (t) => {
  const { ask, askedFor } = await setUp(t);
  const followed = ['insee_etablissement', 'insee_unite_legale', 'insee_successions'];
  t.strictSame(await askedFor('&etape=suivi'), [
    ...followed,
    'urssaf_attestation_vigilance',
    'msa_conformite_cotisations',
  ]);
  t.notOk((await askedFor('&etape=candidature')).includes('dgfip_attestation_fiscale'));
  t.notOk((await askedFor('&nature=services')).includes('cibtp_attestation_conges_payes'));
  t.ok((await askedFor('&nature=travaux_publics')).includes('cibtp_attestation_conges_payes'));
  t.strictSame(await askedFor(''), await askedFor('&etape=attribution'), 'attribution by default');
  const { data } = (await ask('&etape=suivi')).json();
  t.strictSame(
    data.constats.map(({ exigence }: { exigence: string }) => exigence),
    ['existence_activite', 'regularite_sociale'],
  );
  t.equal(data.pieces.dgfip_attestation_fiscale.statut, 'non_demande');
});

t.test('a parameter that the usage does not know is refused', async (t) => {
  const { ask, addressOf } = await setUp(t);
  for (const usage of ['aide_publique', 'subvention_association', 'socle']) {
    const response = await ask('&etape=suivi&nature=services', addressOf(usage));
    t.equal(response.statusCode, 422, usage);
    t.match(response.json().errors, [
      { parameter: 'etape', detail: new RegExp(usage) },
      { parameter: 'nature', detail: new RegExp(usage) },
    ]);
    t.equal((await ask('&date=2026-11-01', addressOf(usage))).statusCode, 200, `${usage}: a date has sense`);
  }
});

t.test('bad words and days are refused in French, each by its name', async (t) => {
  const { ask } = await setUp(t);
  for (const [more, parameter, detail] of [
    ['&etape=sourcing', 'etape', /candidature, instruction, attribution, suivi/],
    ['&etape=', 'etape', /à choisir parmi/],
    ['&etape=suivi&etape=suivi', 'etape', /une seule fois/],
    ['&nature=travaux', 'nature', /travaux_batiment/],
    ['&date=2026-02-30', 'date', /AAAA-MM-JJ/],
    ['&date=01/11/2026', 'date', /AAAA-MM-JJ/],
    ['&date=2026-11-01T10:00:00Z', 'date', /AAAA-MM-JJ/],
    ['&date=', 'date', /AAAA-MM-JJ/],
    ['&date=2026-11-01&date=2026-11-02', 'date', /plusieurs fois/],
    ['&date=2021-11-22', 'date', /entre le 2021-11-23 et le 2027-11-23/],
    ['&date=2027-11-24', 'date', /entre le/],
  ] as const) {
    const response = await ask(more);
    t.equal(response.statusCode, 422, more);
    t.match(response.json().errors, [{ parameter, detail }], more);
  }
  t.equal((await ask('&date=2021-11-23')).statusCode, 200);
  t.equal((await ask('&date=2027-11-23')).statusCode, 200);
});

t.test('several bad parameters are told at once', async (t) => {
  const { ask, addressOf } = await setUp(t);
  const { errors } = (await ask('&nature=services&date=1999-01-01', addressOf('socle'))).json();
  t.strictSame(
    errors.map(({ parameter }: { parameter: string }) => parameter),
    ['nature', 'date'],
  );
});

t.test('the address of a dossier carries what was not left to its default', async (t) => {
  const { ask } = await setUp(t);
  const self = async (more: string) => (await ask(more)).json().links.self;
  t.equal(await self('&etape=attribution'), `/v1/dossiers/${SIRET}?usage=marche_public`);
  t.equal(
    await self('&date=2026-11-02&etape=suivi&nature=services'),
    `/v1/dossiers/${SIRET}?usage=marche_public&etape=suivi&nature=services&date=2026-11-02`,
  );
});

t.test('validities are judged on the day asked', async (t) => {
  const certificate = { ...fact('obtenu'), validite: { du: '2026-11-10', au: '2027-05-31' } };
  const app = await build(t, collectOf({ urssaf_attestation_vigilance: certificate }));
  const etat = async (date: string) => {
    const response = await app.inject(
      `/v1/dossiers/${SIRET}?usage=marche_public&object=A&recipient=${RECIPIENT}&date=${date}`,
    );
    return response.json().data.pieces.urssaf_attestation_vigilance.validite.etat;
  };
  t.equal(await etat('2026-11-09'), 'inconnue');
  t.equal(await etat('2026-11-10'), 'valide');
  t.equal(await etat('2027-06-01'), 'expiree');
});
