import t from 'tap';
import { catalog, type SourceId } from '../../src/sources/catalog.ts';
import { type Company, companyIn, isBuilder } from '../../src/sources/company.ts';
import { exclusionOf } from '../../src/sources/exclusions.ts';
import { obtained, stated, TODAY } from '../helpers/examined.ts';

const UNKNOWN: Company = { createdOn: null, legalForm: null, rna: null, activities: [], commune: null };
const COMPANY: Company = {
  createdOn: '2010-01-01',
  legalForm: '5710',
  rna: null,
  activities: ['62.20Y', '62.02A'],
  commune: '44109',
};

function excluded(company: Partial<Company>): string[] {
  return catalog
    .filter(({ exclusions }) => exclusionOf(exclusions, { ...COMPANY, ...company }, TODAY) !== null)
    .map(({ id }) => id);
}
const isExcluded = (id: SourceId, company: Partial<Company>) => excluded(company).includes(id);

t.test('of whom nothing is known, nothing is excluded', async (t) => {
  t.strictSame(excluded(UNKNOWN), []);
});

t.test('an ordinary company is out of what knows associations and farmers', async (t) => {
  t.strictSame(excluded({}).sort(), [
    'data_subvention_subventions',
    'djepva_association',
    'msa_conformite_cotisations',
  ]);
});

t.test('created this year, it has neither certificate, returns, headcount nor balance sheets', async (t) => {
  const yearly = [
    'banque_de_france_bilans',
    'dgfip_attestation_fiscale',
    'dgfip_liasses_fiscales',
    'dgfip_liens_capitalistiques',
    'gip_mds_effectifs_annuels',
  ];
  const more = (createdOn: string) => excluded({ createdOn }).filter((id) => yearly.includes(id));
  t.strictSame(more('2026-01-01').sort(), yearly);
  t.strictSame(more('2025-12-31'), [], 'on the last day of the year before');
  t.notOk(isExcluded('dgfip_chiffres_affaires', { createdOn: '2026-01-01' }), 'an exercise may be short');
  t.notOk(isExcluded('urssaf_attestation_vigilance', { createdOn: '2026-01-01' }));
});

t.test(
  'a sole trader is asked about: some opt for corporate tax, some employ, some are liberal',
  async (t) => {
    const sole = { legalForm: '1000' };
    t.notOk(isExcluded('dgfip_attestation_fiscale', sole));
    t.notOk(isExcluded('urssaf_attestation_vigilance', sole));
    t.ok(isExcluded('dgfip_attestation_fiscale', { legalForm: '5202' }), 'a partnership is not served');
  },
);

t.test('MSA is left out only where no activity can be agricultural', async (t) => {
  const isOut = (activities: string[], legalForm = '5710') =>
    isExcluded('msa_conformite_cotisations', { activities, legalForm });
  t.ok(isOut(['80.01Y', '80.10Z']));
  t.ok(isOut(['43.32G', '43.32A']));
  for (const code of ['01.24Z', '02.20Z', '10.51A', '43.12A', '46.21Z', '81.30Z', '64.20Z', '93.12Z']) {
    t.notOk(isOut([code]), code);
  }
  t.notOk(isOut(['62.02A', '01.61Z']), 'one activity is enough');
  t.notOk(isOut([]), 'unknown activity');
  t.notOk(isOut(['62.02A'], '6317'), 'an agricultural cooperative, whatever it does');
});

t.test('associations, public bodies and overseas establishments', async (t) => {
  const association = { legalForm: '9220', activities: ['94.99Z'] };
  t.ok(isExcluded('inpi_extrait_rne', association));
  t.notOk(isExcluded('infogreffe_extrait_rcs', association), 'some issue bonds');
  t.notOk(isExcluded('djepva_association', association));
  t.notOk(isExcluded('djepva_association', { rna: 'W000012340' }), 'whatever its legal form');
  t.ok(isExcluded('infogreffe_extrait_rcs', { legalForm: '7210' }));
  t.notOk(isExcluded('infogreffe_extrait_rcs', { legalForm: '4110' }), 'a public body that trades');
  t.ok(isExcluded('probtp_conformite_cotisations_retraite', { commune: '97411' }));
  t.notOk(isExcluded('cibtp_attestation_conges_payes', { commune: '97411' }), 'it speaks for the whole unit');
});

t.test('each rule tells the reader, in one sentence or two, why the source was not asked', async (t) => {
  for (const { regle } of catalog.flatMap(({ exclusions }) => exclusions)) t.match(regle, /^[A-ZÀ-É].*\.$/);
});

t.test(
  'what Insee says of the company is read from either answer, unless it is about another one',
  async (t) => {
    const given = (...ids: ('insee_etablissement' | 'insee_unite_legale')[]) =>
      companyIn((id) => (ids.includes(id as never) ? obtained(id as never).outcome : undefined));
    const both = given('insee_etablissement', 'insee_unite_legale');
    t.ok(both?.createdOn);
    t.equal(given('insee_unite_legale')?.legalForm, both?.legalForm);
    t.equal(given('insee_etablissement')?.legalForm, both?.legalForm);
    t.equal(given(), null);
    const redirected = obtained('insee_etablissement', { redirige_depuis: '55203253400646' }).outcome;
    const known = (id: string) =>
      id === 'insee_etablissement' ? redirected : obtained('insee_unite_legale').outcome;
    t.equal(companyIn(known), null, 'redirected');
    t.equal(
      companyIn(() => stated('non_trouve').outcome),
      null,
    );
  },
);

t.test('builders are those of section F', async (t) => {
  const of = (...activities: string[]) => isBuilder({ ...COMPANY, activities });
  t.ok(of('41.20A'));
  t.ok(of('62.02A', '43.99C'));
  t.notOk(of('71.12B'));
  t.notOk(of());
});
