import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Failure } from '../../src/dossier/outcome.ts';
import { USAGES } from '../../src/dossier/usage.ts';
import { catalog, type SourceId } from '../../src/sources/catalog.ts';
import { ETAPES, NATURES, type Procedure } from '../../src/usages/procedure.ts';
import { usages } from '../../src/usages/usages.ts';
import { wantedBy } from '../../src/usages/wanted.ts';
import { subjectOf } from '../helpers/answer.ts';
import { examined, type Given, obtained, stale, stated, TODAY, type World } from '../helpers/examined.ts';

const ids = catalog.map(({ id }) => id);
const RUNS = { numRuns: 1_500 };

const failures: Given[] = (['indisponible', 'differe', 'non_autorise'] as const).map((statut) => ({
  outcome: { statut, erreur: null, nouvel_essai_le: null } satisfies Failure,
  perime: false,
}));
const leftOut: Given = { outcome: { statut: 'hors_perimetre', regle: 'Hors périmètre.' }, perime: false };

/** Data by which a register states something against the company. */
const ADVERSE: Partial<Record<SourceId, object[]>> = {
  insee_etablissement: [{ etat_administratif: 'ferme', date_fermeture: '2026-01-05' }],
  insee_unite_legale: [{ etat_administratif: 'cesse', date_cessation: null }],
  infogreffe_extrait_rcs: [
    { date_radiation: '2026-01-05' },
    { observations: [{ numero: null, date: '2026-01-05', texte: 'Liquidation judiciaire' }] },
  ],
  inpi_extrait_rne: [{ observations: [{ numero: null, date: null, texte: 'Liquidation judiciaire' }] }],
  djepva_association: [{ date_dissolution: '2026-01-05' }],
};
/** Nothing of it is about the company being in order. */
const BENIGN: Partial<Record<SourceId, object>> = {
  insee_etablissement: { etat_administratif: 'ouvert', date_fermeture: null, redirige_depuis: null },
  insee_unite_legale: { etat_administratif: 'actif', date_cessation: null, redirige_depuis: null },
  infogreffe_extrait_rcs: { date_radiation: null, observations: [] },
  inpi_extrait_rne: { observations: [], dissolution: null },
  djepva_association: { date_dissolution: null, active: true },
};

const benign = (id: SourceId) => obtained(id, BENIGN[id]);
const expired = (id: SourceId) =>
  obtained(id, BENIGN[id], { validite: { du: '2025-01-01', au: '2025-06-30' } });
/** What was stated against the company, and is no longer renewed. */
const staleAdverse = (id: SourceId) => [
  stale(stated('refuse')),
  ...(ADVERSE[id] ?? []).map((data) => stale(obtained(id, data))),
];
const harmless = (id: SourceId): Given[] => [
  benign(id),
  stale(benign(id)),
  expired(id),
  stated('en_examen'),
  stated('non_trouve'),
  stale(stated('non_trouve')),
  leftOut,
  ...failures,
  ...staleAdverse(id),
];
const anything = (id: SourceId): Given[] => [
  ...harmless(id),
  stated('refuse'),
  ...(ADVERSE[id] ?? []).map((data) => obtained(id, data)),
];

const anyProcedure = fc.oneof(
  fc.record({ usage: fc.constant('marche_public' as const), etape: fc.constantFrom(...ETAPES) }),
  fc.record({ usage: fc.constantFrom(...USAGES), etape: fc.constant(null) }),
);
const anyNature = fc.option(fc.constantFrom(...NATURES), { nil: null });
const anyDate = fc.constantFrom('2025-12-01', '2026-11-01', TODAY, '2026-12-01', '2027-06-15');

/** A dossier whose sources each answer one of some things, or were not asked. */
function anyWorld(answersOf: (id: SourceId) => Given[]): fc.Arbitrary<World> {
  const answers = fc.record(
    Object.fromEntries(
      ids.map((id) => [id, fc.option(fc.constantFrom(...answersOf(id)), { nil: undefined })]),
    ),
  );
  return fc
    .record({ answers, procedure: anyProcedure, nature: anyNature, date: anyDate })
    .map(({ answers, procedure, nature, date }) => ({
      given: Object.fromEntries(Object.entries(answers).filter(([, one]) => one)) as World['given'],
      usage: procedure.usage,
      procedure: { etape: procedure.etape ?? usages[procedure.usage].defaultEtape, nature },
      date,
    }));
}

function holds(t: Test, property: fc.IProperty<[World]>): void {
  const { failed, counterexample } = fc.check(property, RUNS);
  t.notOk(failed, JSON.stringify(counterexample));
}

t.test('no missing, failed, stale, expired or unknown answer contradicts anything', async (t) => {
  holds(
    t,
    fc.property(anyWorld(harmless), (world) =>
      examined(world).constats.every(({ conclusion }) => conclusion !== 'contredite'),
    ),
  );
});

t.test('what an answer of today states against the company accuses it on no other day', async (t) => {
  const refusals = (id: SourceId) => [stated('refuse'), benign(id)];
  holds(
    t,
    fc.property(
      anyWorld(refusals).filter(({ date }) => date !== TODAY),
      (world) => examined(world).constats.every(({ conclusion }) => conclusion !== 'contredite'),
    ),
  );
});

/** What proves each requirement that a proof alone establishes. */
const PROOFS: Record<string, string[]> = {
  regularite_fiscale: ['dgfip_attestation_fiscale'],
  regularite_sociale: ['urssaf_attestation_vigilance', 'msa_conformite_cotisations'],
  retraite_btp: ['probtp_conformite_cotisations_retraite'],
  conges_payes_btp: ['cibtp_attestation_conges_payes', 'cnetp_attestation_conges_payes'],
  capacite_economique: ['dgfip_chiffres_affaires'],
  // The months of one establishment are not the headcount of the company.
  capacite_professionnelle: ['gip_mds_effectifs_annuels'],
};

t.test('only a proof that was obtained establishes, and each finding explains itself', async (t) => {
  holds(
    t,
    fc.property(anyWorld(anything), (world) =>
      examined(world).constats.every(({ exigence, conclusion, motif, base_legale, pieces }) => {
        const isProved = (PROOFS[exigence] ?? pieces).some(
          (id) => world.given[id]?.outcome.statut === 'obtenu',
        );
        return motif.endsWith('.') && base_legale !== '' && (conclusion !== 'etablie' || isProved);
      }),
    ),
  );
});

/** Sources that are enough by themselves, on their own day, for a document not to be asked for. */
const HELD: [document: RegExp, sources: string[]][] = [
  [/^Attestation de régularité fiscale$/, ['dgfip_attestation_fiscale']],
  [/^Attestation de vigilance/, PROOFS.regularite_sociale as string[]],
  [/^Certificat de cotisations de retraite/, PROOFS.retraite_btp as string[]],
  [/^Certificat de la caisse de congés/, PROOFS.conges_payes_btp as string[]],
  [/^Déclaration du chiffre/, PROOFS.capacite_economique as string[]],
  [/^Déclaration des effectifs/, PROOFS.capacite_professionnelle as string[]],
  [/^Numéro SIRET/, ['insee_etablissement']],
  [/^Numéro RNA/, ['djepva_association']],
  [/^Justificatif d'inscription/, ['infogreffe_extrait_rcs', 'inpi_extrait_rne']],
];
const isWaiting = ({ outcome, perime }: Given) =>
  ['differe', 'indisponible', 'en_examen'].includes(outcome.statut) ||
  (perime && outcome.statut !== 'obtenu');

t.test('nothing that an administration holds, or may still give, is asked of the company', async (t) => {
  const inDate = (id: SourceId) => [
    id.startsWith('dgfip_attestation')
      ? obtained(id, {}, { validite: { du: '2026-10-31', au: null } })
      : id.startsWith('urssaf')
        ? obtained(id, {}, { validite: { du: '2026-11-01', au: '2027-05-31' } })
        : benign(id),
    stated('non_trouve'),
    leftOut,
    ...failures,
  ];
  holds(
    t,
    fc.property(
      anyWorld(inDate).map((world) => ({ ...world, date: TODAY })),
      (world) => {
        const given = (id: string) => world.given[id];
        return examined(world).a_demander.every(({ piece, recours, base_legale }) => {
          const sources = HELD.find(([document]) => document.test(piece))?.[1] ?? [];
          const isHeld = sources.some((id) => given(id)?.outcome.statut === 'obtenu');
          const isComing = sources.some((id) => {
            const one = given(id);
            return one !== undefined && isWaiting(one);
          });
          return !isHeld && !isComing && recours !== '' && base_legale !== '';
        });
      },
    ),
  );
});

t.test('a document is asked for only where nothing can be concluded, and once', async (t) => {
  holds(
    t,
    fc.property(anyWorld(anything), (world) => {
      const { constats, a_demander } = examined(world);
      const unsure = constats.filter(({ conclusion }) => conclusion === 'impossible_a_conclure');
      const isFounded = a_demander.every(({ motif }) => unsure.some((one) => motif.includes(one.motif)));
      return isFounded && new Set(a_demander.map(({ piece }) => piece)).size === a_demander.length;
    }),
  );
});

/** An answer, not its lateness: what is still to come may undo what others establish. */
t.test('one more answer that says nothing against the company undoes nothing established', async (t) => {
  const before = fc.tuple(anyWorld(anything), fc.constantFrom(...ids));
  const { failed, counterexample } = fc.check(
    fc.property(before, ([world, id]) => {
      const { [id]: _, ...given } = world.given;
      const established = examined({ ...world, given })
        .constats.filter(({ conclusion }) => conclusion === 'etablie')
        .map(({ exigence }) => exigence);
      const more = examined({ ...world, given: { ...given, [id]: benign(id) } });
      return more.constats
        .filter(({ exigence }) => established.includes(exigence))
        .every(({ conclusion }) => conclusion === 'etablie');
    }),
    RUNS,
  );
  t.notOk(failed, JSON.stringify(counterexample));
});

/** Sources that may each know of the company what the other one of the row does not. */
const TOGETHER: [exigence: string, sources: SourceId[]][] = [
  ['regularite_sociale', ['urssaf_attestation_vigilance', 'msa_conformite_cotisations']],
  ['absence_radiation', ['infogreffe_extrait_rcs', 'inpi_extrait_rne']],
  ['absence_liquidation_redressement', ['infogreffe_extrait_rcs', 'inpi_extrait_rne']],
];

t.test('a source still to answer keeps what it may know from being established', async (t) => {
  const pending = [
    stated('en_examen'),
    ...failures.filter(({ outcome }) => outcome.statut !== 'non_autorise'),
  ];
  const world = fc.tuple(anyWorld(anything), fc.constantFrom(...TOGETHER), fc.constantFrom(...pending));
  const { failed, counterexample } = fc.check(
    fc.property(world, ([world, [exigence, sources], answer]) =>
      sources.every((id) => {
        const more = examined({ ...world, given: { ...world.given, [id]: answer } });
        const found = more.constats.find((one) => one.exigence === exigence);
        return found?.conclusion !== 'etablie';
      }),
    ),
    RUNS,
  );
  t.notOk(failed, JSON.stringify(counterexample));
});

t.test('a source still to answer contradicts nothing, and takes no accusation back', async (t) => {
  const before = fc.tuple(anyWorld(anything), fc.constantFrom(...ids), fc.constantFrom(...failures));
  const accused = (world: World) =>
    examined(world)
      .constats.filter(({ conclusion }) => conclusion === 'contredite')
      .map(({ exigence }) => exigence);
  const { failed, counterexample } = fc.check(
    fc.property(before, ([world, id, answer]) => {
      const { [id]: _, ...given } = world.given;
      const without = accused({ ...world, given });
      const pending = accused({ ...world, given: { ...given, [id]: answer } });
      return pending.join() === without.join();
    }),
    RUNS,
  );
  t.notOk(failed, JSON.stringify(counterexample));
});

/** Sources that the terms of use of API Entreprise forbid to each usage. */
const FORBIDDEN: Record<string, RegExp> = {
  socle:
    /mandataires|attestation|conformite|chiffres_affaires|liasses|liens_capitalistiques|bilans|gip_mds|qualiopi|cibtp|cnetp|probtp/,
  marche_public: /beneficiaires_effectifs/,
  aide_publique: /beneficiaires_effectifs/,
  subvention_association:
    /infogreffe|msa|probtp|cibtp|cnetp|fntp|chiffres_affaires|numero_tva|eori|beneficiaires_effectifs/,
};

t.test('no source that a usage forbids is asked, at any stage, for any nature', async (t) => {
  const { siren } = subjectOf();
  for (const usage of Object.values(usages)) {
    const stages = usage.etapes.length > 0 ? usage.etapes : [null];
    for (const etape of stages) {
      for (const nature of [null, ...usage.natures]) {
        const procedure: Procedure = { etape, nature };
        const wanted = wantedBy(usage, { siren, procedure, today: TODAY }).map(({ source }) => source.id);
        const where = `${usage.id} ${etape} ${nature}`;
        t.notOk(
          wanted.some((id) => FORBIDDEN[usage.id]?.test(id)),
          where,
        );
        t.strictSame(wanted, [...new Set(wanted)], `${where}: none twice`);
        t.ok(usage.sources(procedure).every(({ base_legale }) => base_legale !== ''));
      }
    }
  }
});

t.test('sources of the building trades are never asked for supplies nor services', async (t) => {
  const trades = /probtp|cibtp|cnetp|fntp|qualibat|qualifelec/;
  for (const etape of ETAPES) {
    for (const nature of ['fournitures', 'services'] as const) {
      const asked = usages.marche_public.sources({ etape, nature });
      t.notOk(
        asked.some(({ id }) => trades.test(id)),
        `${etape} ${nature}`,
      );
    }
  }
});
