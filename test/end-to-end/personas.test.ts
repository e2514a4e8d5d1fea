import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { dossierBody } from '../../src/routes/dossiers.ts';
import { createAnswerQuestion } from '../../src/sandbox/companies.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { mintToken } from '../../src/sandbox/token.ts';
import { RECIPIENT } from '../helpers/app.ts';
import { gatewayOn } from '../helpers/gateway-on.ts';

/** What every company that Insee knows has; then what a trading company has; then an employer; then accounts. */
const INSEE = ['insee_etablissement', 'insee_unite_legale'];
const RNE = [...INSEE, 'inpi_extrait_rne'];
const SOCIETE = [...RNE, 'infogreffe_extrait_rcs', 'infogreffe_mandataires_sociaux'];
const TVA = 'commission_europeenne_numero_tva';
const EFFECTIFS = ['gip_mds_effectifs_annuels', 'gip_mds_effectifs_mensuels'];
const EMPLOYEUR = [...SOCIETE, TVA, 'conventions_collectives', ...EFFECTIFS];
const COMPTES = ['dgfip_chiffres_affaires', 'dgfip_liasses_fiscales'];
const LIENS = 'dgfip_liens_capitalistiques';
const FISCAL = 'dgfip_attestation_fiscale';
const BDF = 'banque_de_france_bilans';
const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';
const PROBTP = 'probtp_conformite_cotisations_retraite';
const PROBTP_DOCUMENT = 'probtp_attestation_cotisations_retraite';
const CIBTP = 'cibtp_attestation_conges_payes';
const PME = [...EMPLOYEUR, ...COMPTES, FISCAL, LIENS];

interface Expected {
  obtenu: string[];
  refuse?: string[];
  en_examen?: string[];
  /** Left unasked by rule, beside what knows associations only. */
  hors_perimetre?: string[];
  alertes?: string[];
}

const ASSOCIATIONS = ['djepva_association', 'data_subvention_subventions'];

/** From each story and the perimeter of each source; every other source of the usage does not know the company. */
const EXPECTED: Record<string, Expected> = {
  'pme-en-regle': {
    hors_perimetre: [MSA],
    obtenu: [...PME, 'douanes_eori', BDF, URSSAF, 'carif_oref_qualiopi'],
  },
  'entreprise-batiment': {
    hors_perimetre: [MSA],
    obtenu: [
      ...PME,
      BDF,
      URSSAF,
      PROBTP,
      PROBTP_DOCUMENT,
      CIBTP,
      'qualibat_certification',
      'qualifelec_certificats',
      'ademe_certification_rge',
    ],
  },
  'entreprise-travaux-publics': {
    obtenu: [
      ...PME,
      BDF,
      URSSAF,
      'douanes_eori',
      PROBTP,
      PROBTP_DOCUMENT,
      'cnetp_attestation_conges_payes',
      'fntp_carte_professionnelle',
    ],
  },
  'refus-urssaf': { obtenu: PME, refuse: [URSSAF] },
  'analyse-manuelle-urssaf': {
    obtenu: [...EMPLOYEUR, ...COMPTES, FISCAL, BDF],
    en_examen: [URSSAF],
  },
  'entrepreneur-individuel-ir': { hors_perimetre: [MSA], obtenu: [...RNE, TVA, 'ademe_certification_rge'] },
  'entreprise-creee-cette-annee': {
    hors_perimetre: [FISCAL, 'dgfip_liasses_fiscales', LIENS, BDF, 'gip_mds_effectifs_annuels'],
    obtenu: [...SOCIETE, TVA, URSSAF],
  },
  'filiale-groupe-fiscal': {
    hors_perimetre: [MSA],
    obtenu: [
      ...PME,
      BDF,
      URSSAF,
      'douanes_eori',
      'dgfip_attestation_fiscale_mere',
      'dgfip_liasses_fiscales_mere',
    ],
  },
  'cooperative-agricole': {
    obtenu: [...EMPLOYEUR, ...COMPTES, FISCAL, BDF, MSA],
  },
  'exploitation-agricole-msa-en-examen': {
    obtenu: [...EMPLOYEUR, 'dgfip_liasses_fiscales'],
    en_examen: [MSA],
  },
  'batiment-cibtp-non-a-jour': {
    obtenu: [...PME, URSSAF, 'qualibat_certification'],
    refuse: [PROBTP, CIBTP],
  },
  'association-rna': {
    hors_perimetre: ['inpi_extrait_rne'],
    obtenu: [
      ...INSEE,
      'insee_successions',
      'djepva_association',
      'conventions_collectives',
      ...EFFECTIFS,
      URSSAF,
      'data_subvention_subventions',
    ],
  },
  'association-alsace-moselle': {
    hors_perimetre: ['inpi_extrait_rne'],
    obtenu: [...INSEE, 'djepva_association', 'data_subvention_subventions'],
  },
  'etablissement-ferme': {
    obtenu: [...SOCIETE, TVA, FISCAL, 'dgfip_liasses_fiscales', BDF, URSSAF, 'gip_mds_effectifs_annuels'],
    alertes: ['etablissement_ferme'],
  },
  'entreprise-cessee': {
    hors_perimetre: [MSA],
    obtenu: SOCIETE,
    alertes: ['etablissement_ferme', 'entreprise_cessee', 'radiation', 'dissolution'],
  },
  'liquidation-judiciaire': {
    hors_perimetre: [MSA],
    obtenu: [...EMPLOYEUR, ...COMPTES, LIENS, BDF],
    refuse: [URSSAF],
    alertes: ['procedure_collective'],
  },
  'diffusion-partielle': {
    obtenu: [...RNE, TVA, URSSAF],
    alertes: ['diffusion_partielle'],
  },
  'siret-redirige': {
    obtenu: [...INSEE, 'infogreffe_extrait_rcs', 'infogreffe_mandataires_sociaux'],
    alertes: ['siret_redirige', 'radiation'],
  },
  'groupe-500-etablissements': {
    obtenu: [...PME, BDF, URSSAF, 'douanes_eori'],
  },
  'vigilance-expiree': { hors_perimetre: [MSA], obtenu: [...PME, BDF, URSSAF] },
  'urssaf-sans-dates': { obtenu: [...PME, BDF, URSSAF] },
};

interface Persona {
  siret: string;
  usage: string;
}

const personas = readdirSync('fixtures/personas').map((name): [string, Persona] => [
  name,
  JSON.parse(readFileSync(`fixtures/personas/${name}/persona.json`, 'utf8')),
]);

const sandbox = createSandbox({
  answerQuestion: createAnswerQuestion({ fixturesDir: 'fixtures' }),
  quotas: false,
});
const url = await sandbox.api.listen({ host: '127.0.0.1', port: 0 });
t.teardown(() => sandbox.api.close());
const app = await gatewayOn(t, url, await mintToken());

async function dossierFor({ siret, usage }: Persona): Promise<Dossier['data']> {
  const response = await app.inject({
    url: `/v1/dossiers/${siret}?usage=${usage}&object=TEST&recipient=${RECIPIENT}`,
    headers: { prefer: 'wait=20' },
  });
  dossierBody.parse(response.json());
  return response.json().data;
}

function sourcesWith(statut: string, { pieces }: Dossier['data']): string[] {
  return Object.values(pieces)
    .filter((piece) => piece.statut === statut)
    .map(({ source }) => source)
    .sort();
}

t.test('each persona has its row in the table', async (t) => {
  t.strictSame(personas.map(([name]) => name).sort(), Object.keys(EXPECTED).sort());
});

for (const [name, persona] of personas) {
  t.test(`${name}: the statuts and alerts that its story demands`, async (t) => {
    const expected = EXPECTED[name] as Expected;
    const dossier = await dossierFor(persona);
    t.equal(dossier.completude.statut, 'complet');
    t.strictSame(sourcesWith('obtenu', dossier), [...expected.obtenu].sort(), 'obtenu');
    t.strictSame(sourcesWith('refuse', dossier), [...(expected.refuse ?? [])].sort(), 'refuse');
    t.strictSame(sourcesWith('en_examen', dossier), expected.en_examen ?? [], 'en_examen');
    for (const never of ['indisponible', 'differe', 'non_autorise']) {
      t.strictSame(sourcesWith(never, dossier), [], never);
    }
    const isDescribed = !(expected.alertes ?? []).includes('siret_redirige');
    const isAssociation = persona.usage === 'subvention_association';
    const leftOut = isDescribed && !isAssociation ? ASSOCIATIONS : [];
    t.strictSame(
      sourcesWith('hors_perimetre', dossier),
      [...leftOut, ...(expected.hors_perimetre ?? [])].sort(),
      'hors_perimetre',
    );
    const alertes = [...new Set(dossier.alertes.map(({ code }) => code))];
    t.strictSame(alertes.sort(), [...(expected.alertes ?? [])].sort(), 'alerts');
  });
}

t.test('a company of which Insee speaks under another SIREN lends nothing to the identity', async (t) => {
  const [, persona] = personas.find(([name]) => name === 'siret-redirige') as [string, Persona];
  const { identite, alertes } = await dossierFor(persona);
  t.equal(identite.etablissement, null);
  t.equal(identite.adresse, null);
  t.match(alertes[0], { code: 'siret_redirige', niveau: 'critique', message: /00078931300012/ });
});

t.test('the partially diffused company is wholly known to the agent, who is told so', async (t) => {
  const [, persona] = personas.find(([name]) => name === 'diffusion-partielle') as [string, Persona];
  const { identite } = await dossierFor(persona);
  t.equal(identite.diffusion, 'partiellement_diffusible');
  t.type(identite.denomination, 'string');
});

t.test('any other valid SIRET is an invented company, always the same', async (t) => {
  const persona = { siret: '41816609600069', usage: 'socle' };
  const first = await dossierFor(persona);
  t.equal(first.pieces.insee_etablissement?.statut, 'obtenu');
  t.strictSame(await dossierFor(persona), first);
});

t.test('a SIRET that nobody has is unknown', async (t) => {
  const response = await app.inject(
    `/v1/dossiers/00000000000000?usage=socle&object=TEST&recipient=${RECIPIENT}`,
  );
  t.equal(response.statusCode, 404);
});
