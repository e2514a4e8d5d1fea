import { pino } from 'pino';
import t, { type Test } from 'tap';
import { createMemoryRateBudget } from '../../src/access/rate-budget.ts';
import { loadConfig } from '../../src/config.ts';
import type { Outcome } from '../../src/dossier/outcome.ts';
import { openAccess } from '../../src/open-access.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { build, collectOf, fact, RECIPIENT, SIRET } from '../helpers/app.ts';
import { emptyFolder } from '../helpers/databases.ts';
import { grantTokens } from '../helpers/tokens.ts';

type Diffusion = 'diffusible' | 'partiellement_diffusible' | 'non_diffusible';

const NAME = 'CAMILLE EXEMPLE';
const STREET = '12 RUE CACHÉE';
const now = () => NOON_MS;

function unit(diffusion: Diffusion, type = 'personne_physique') {
  return {
    siren: SIRET.slice(0, 9),
    denomination: NAME,
    sigle: 'SIGLE',
    type,
    forme_juridique: null,
    etat_administratif: 'actif',
    date_creation: null,
    activite_principale: { code: '62.01Z', libelle: 'Programmation', nomenclature: 'NAFRev2' },
    activite_principale_naf_rev2: null,
    categorie_entreprise: 'PME',
    effectif: null,
    economie_sociale_et_solidaire: null,
    numero_rna: null,
    siret_siege: SIRET,
    diffusion,
  };
}

function establishment(diffusion: Diffusion, type?: string) {
  return {
    siret: SIRET,
    redirige_depuis: null,
    siege: true,
    etat_administratif: 'ouvert',
    date_creation: null,
    date_fermeture: null,
    enseigne: NAME,
    activite_principale: null,
    activite_principale_naf_rev2: null,
    effectif: null,
    diffusion,
    adresse: {
      lignes: [STREET],
      numero_voie: '12',
      voie: STREET,
      complement: null,
      code_postal: '69007',
      commune: 'LYON',
      code_commune: '69123',
      pays: null,
    },
    unite_legale: unit(diffusion, type),
    mis_a_jour_le: null,
  };
}

function outcomesOf(diffusion: Diffusion, type?: string): Record<string, Outcome> {
  const whole = {
    ...unit(diffusion, type),
    redirige_depuis: null,
    date_cessation: null,
    mis_a_jour_le: null,
  };
  return {
    insee_etablissement: fact('obtenu', establishment(diffusion, type)),
    insee_unite_legale: fact('obtenu', whole),
    commission_europeenne_numero_tva: fact('obtenu', { numero_tva: 'FR001' }),
    douanes_eori: fact('non_trouve'),
  };
}

/** What somebody who bears the token of that name reads, and the sources that were asked. */
async function read(
  t: Test,
  name: 'public' | 'socle',
  outcomes: Record<string, Outcome>,
  accept = 'application/json',
) {
  const place = { DATA_DIR: emptyFolder(t) };
  const tokens = await grantTokens(place, now);
  const access = await openAccess({
    config: { ...loadConfig({}), ...place },
    demonstration: null,
    rates: createMemoryRateBudget({ now }),
    attempts: createMemoryRateBudget({ now }),
    log: pino({ level: 'silent' }),
    now,
  });
  t.teardown(() => access.close());
  const asked: string[] = [];
  const collect = collectOf(outcomes);
  const app = await build(
    t,
    (collecting) => {
      asked.push(...collecting.sources.map(({ source }) => source.id));
      return collect(collecting);
    },
    [],
    { access },
  );
  const response = await app.inject({
    url: `/v1/dossiers/${SIRET}?usage=socle&object=A&recipient=${RECIPIENT}`,
    headers: { authorization: `Bearer ${tokens[name]}`, accept },
  });
  return { asked, body: response.body, status: response.statusCode };
}

const dataIn = (body: string) => JSON.parse(body).data;

t.test('the public reads open data only: what is protected is not even asked', async (t) => {
  const { asked, body } = await read(t, 'public', outcomesOf('diffusible'));
  const { pieces, identite } = dataIn(body);
  for (const id of ['inpi_extrait_rne', 'djepva_association']) {
    t.notOk(asked.includes(id), id);
    t.equal(pieces[id].statut, 'non_autorise', id);
  }
  t.equal(identite.denomination, NAME);
  t.match(pieces.commission_europeenne_numero_tva, { statut: 'obtenu' });
});

t.test('of somebody who opposes diffusion, neither name nor street, whatever the source', async (t) => {
  const { body } = await read(t, 'public', outcomesOf('partiellement_diffusible'));
  for (const hidden of [NAME, 'CACHÉE', '69007', 'SIGLE', 'FR001']) t.notMatch(body, hidden);
  const { pieces, identite } = dataIn(body);
  t.equal(identite.adresse.commune, 'LYON');
  t.match(pieces.commission_europeenne_numero_tva, {
    statut: 'non_autorise',
    erreur: { code: 'diffusion_partielle' },
  });
  t.equal(pieces.douanes_eori.statut, 'non_trouve');
});

t.test('of a company that opposes diffusion the name stays, the street does not', async (t) => {
  const { body } = await read(t, 'public', outcomesOf('partiellement_diffusible', 'personne_morale'));
  t.match(dataIn(body).identite, {
    denomination: NAME,
    sigle: null,
    adresse: { commune: 'LYON', voie: null },
  });
});

t.test('of whom may not be diffused at all, nothing', async (t) => {
  const { body } = await read(t, 'public', outcomesOf('non_diffusible'));
  for (const hidden of [NAME, 'CACHÉE', 'LYON', 'FR001', '62.01Z']) t.notMatch(body, hidden);
});

t.test('while INSEE has not said, nothing of the others is shown', async (t) => {
  const { insee_unite_legale, ...outcomes } = outcomesOf('diffusible');
  const { body } = await read(t, 'public', outcomes);
  t.match(dataIn(body).pieces.commission_europeenne_numero_tva, {
    statut: 'indisponible',
    erreur: { code: 'diffusion_inconnue' },
  });
});

t.test('the pieces of a stream are masked as those of the dossier', async (t) => {
  const { body } = await read(t, 'public', outcomesOf('partiellement_diffusible'), 'text/event-stream');
  t.match(body, /event: piece\n/);
  t.match(body, /event: dossier\n/);
  for (const hidden of [NAME, 'CACHÉE', 'FR001']) t.notMatch(body, hidden);
});

t.test('an agent reads what the public may not', async (t) => {
  const { body } = await read(t, 'socle', outcomesOf('partiellement_diffusible'));
  for (const shown of [NAME, 'CACHÉE', 'FR001']) t.match(body, shown);
});
