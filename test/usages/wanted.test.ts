import t from 'tap';
import type { Outcome } from '../../src/dossier/outcome.ts';
import type { Siren } from '../../src/dossier/siret.ts';
import type { SourceId } from '../../src/sources/catalog.ts';
import type { Nature } from '../../src/usages/procedure.ts';
import { usages } from '../../src/usages/usages.ts';
import { wantedBy } from '../../src/usages/wanted.ts';
import { obtained, stated, TODAY } from '../helpers/examined.ts';

const DAUGHTER = '000088096' as Siren;
const MOTHER = '000756189';

/** What is decided of a source once others have answered. */
function decided(id: SourceId, answers: Record<string, Outcome>, nature: Nature | null = null) {
  const procedure = { etape: 'attribution', nature } as const;
  const wanted = wantedBy(usages.marche_public, { siren: DAUGHTER, procedure, today: TODAY });
  return wanted.find(({ source }) => source.id === id)?.turn?.decide(new Map(Object.entries(answers)), true);
}

const trade = (code: string) => ({
  insee_unite_legale: obtained('insee_unite_legale', {
    activite_principale: { code, libelle: null, nomenclature: null },
    activite_principale_naf_rev2: null,
    numero_rna: null,
  }).outcome,
});

t.test(
  'funds of the building trades are asked of builders, of works, and of whom nothing is known',
  async (t) => {
    const CIBTP = 'cibtp_attestation_conges_payes';
    t.match(decided(CIBTP, trade('62.02A')), { statut: 'non_demande', regle: /bâtiment/ });
    t.strictSame(decided(CIBTP, trade('43.99C')), {});
    t.strictSame(decided(CIBTP, {}), {}, 'Insee says nothing');
    t.notOk(decided(CIBTP, trade('62.02A'), 'travaux_batiment'), 'at once');
  },
);

const group = (regime: string, holders: object[]): Record<string, Outcome> => ({
  dgfip_liasses_fiscales: obtained('dgfip_liasses_fiscales', {
    obligations_fiscales: [],
    declarations: [{ regime }],
  }).outcome,
  dgfip_liens_capitalistiques: obtained('dgfip_liens_capitalistiques', {
    actionnaires_personnes_morales: holders,
  }).outcome,
});
const holder = (siren: string | null, pourcentage: number | null) => ({
  siren,
  denomination: null,
  pourcentage,
});

t.test('the mother of a subsidiary is asked about when the capital links name her alone', async (t) => {
  const mother = (answers: Record<string, Outcome>) => decided('dgfip_attestation_fiscale_mere', answers);
  t.strictSame(mother(group('RNMEMBRE', [holder(MOTHER, 100)])), { mere: MOTHER });
  const nobody = { statut: 'non_demande' };
  t.match(mother(group('RN', [holder(MOTHER, 100)])), nobody, 'no member of a group');
  t.match(mother(group('RNGROUPE', [holder(MOTHER, 100)])), nobody, 'the head itself');
  t.match(mother(group('RNMEMBRE', [holder(MOTHER, 94)])), nobody);
  t.match(mother(group('RNMEMBRE', [holder(MOTHER, null)])), nobody);
  for (const wrong of ['99999999', '000756188', DAUGHTER, '000000000', null]) {
    t.match(mother(group('RNMEMBRE', [holder(wrong, 100)])), nobody, `declared as ${wrong}`);
  }
  t.match(mother({ dgfip_liasses_fiscales: stated('non_trouve').outcome }), nobody);
});
