import fc from 'fast-check';
import t from 'tap';
import type { AlerteComplete } from '../../src/dossier/alerte.ts';
import type { Examination } from '../../src/dossier/assemble.ts';
import type { Statut } from '../../src/dossier/outcome.ts';
import { type Piece, STATUTS } from '../../src/dossier/piece.ts';
import { emptySections, type Sections } from '../../src/dossier/unified.ts';
import { USAGES } from '../../src/dossier/usage.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { usages } from '../../src/usages/usages.ts';

const ATTESTATION = 'dgfip_attestation_fiscale';
const LIASSES = 'dgfip_liasses_fiscales';
const LIENS = 'dgfip_liens_capitalistiques';
const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';

type Etat = Piece['validite']['etat'];

function piece(source: string, statut: Statut, etat: Etat = 'inconnue'): Piece {
  const au = etat === 'inconnue' ? null : '2026-06-30';
  return {
    ...{
      source,
      administration: '',
      libelle: '',
      explication: '',
      donnees: null,
      obtenu_le: null,
      perime: false,
    },
    ...{ statut, validite: { du: null, au, etat }, document: null, nouvel_essai_le: null, erreur: null },
  };
}

interface Story {
  pieces?: Partial<Record<string, Piece>>;
  fiscal?: Partial<Sections['fiscal']>;
  alertes?: AlerteComplete[];
}

function examine({ pieces = {}, fiscal = {}, alertes = [] }: Story): Examination {
  const unasked = Object.fromEntries(catalog.map(({ id }) => [id, piece(id, 'non_demande')]));
  const sections = emptySections();
  const known = {
    pieces: { ...unasked, ...pieces },
    sections: { ...sections, fiscal: { ...sections.fiscal, ...fiscal } },
  };
  return usages.marche_public.examine({ ...known, alertes } as never);
}

const conclusionOf = (exigence: string, story: Story) =>
  examine(story).constats.find((constat) => constat.exigence === exigence)?.conclusion;
const all = (statuts: Record<string, Statut>) =>
  Object.fromEntries(Object.entries(statuts).map(([id, statut]) => [id, piece(id, statut)]));

t.test('the tax certificate establishes, where membership of a tax group is excluded', async (t) => {
  const fiscale = (story: Story) => conclusionOf('regularite_fiscale', story);
  const obtenu = { [ATTESTATION]: 'obtenu' } as const;
  const membre = (membre: boolean, role: 'mere' | 'filiale' | null) => ({ groupe_fiscal: { membre, role } });
  t.equal(fiscale({ pieces: all(obtenu), fiscal: membre(false, null) }), 'etablie');
  t.equal(
    fiscale({ pieces: all(obtenu), fiscal: membre(true, 'mere') }),
    'etablie',
    'the mother pays for all',
  );
  t.equal(fiscale({ pieces: all(obtenu), fiscal: membre(true, 'filiale') }), 'impossible_a_conclure');
  const filed = { ...obtenu, [LIENS]: 'obtenu' } as const;
  const held = (pourcentage: number | null) => ({
    actionnaires_personnes_morales: [{ siren: null, denomination: null, pourcentage }],
  });
  t.equal(fiscale({ pieces: all(filed), fiscal: held(94.9) }), 'etablie');
  t.equal(fiscale({ pieces: all(filed), fiscal: held(95) }), 'impossible_a_conclure');
  t.equal(fiscale({ pieces: all(filed), fiscal: held(null) }), 'impossible_a_conclure');
  const nothing = { ...obtenu, [LIASSES]: 'non_trouve', [LIENS]: 'non_trouve' } as const;
  t.equal(fiscale({ pieces: all(nothing) }), 'etablie', 'DGFiP holds nothing of a group');
  t.equal(fiscale({ pieces: all({ ...nothing, [LIASSES]: 'indisponible' }) }), 'impossible_a_conclure');
});

t.test('of a subsidiary, the certificate of its mother is left to ask', async (t) => {
  const { a_demander } = examine({
    pieces: all({ [ATTESTATION]: 'obtenu', [URSSAF]: 'obtenu' }),
    fiscal: { groupe_fiscal: { membre: true, role: 'filiale' } },
  });
  t.match(a_demander, [{ piece: /société mère/, base_legale: /L2141-2/ }]);
});

t.test('no certificate accuses nobody: form 3666 is asked for, once the source has answered', async (t) => {
  const { constats, a_demander } = examine({
    pieces: all({ [ATTESTATION]: 'non_trouve', [URSSAF]: 'en_examen' }),
  });
  t.match(constats[0], { conclusion: 'impossible_a_conclure', motif: /ne permet pas de le savoir/ });
  t.match(a_demander, [{ piece: 'Attestation de régularité fiscale', recours: /3666/ }]);
});

t.test('one refusal contradicts social regularity, whatever the other says', async (t) => {
  const sociale = (urssaf: Statut, msa: Statut, etat: Etat = 'inconnue') =>
    conclusionOf('regularite_sociale', {
      pieces: { [URSSAF]: piece(URSSAF, urssaf, etat), [MSA]: piece(MSA, msa) },
    });
  t.equal(sociale('refuse', 'obtenu'), 'contredite');
  t.equal(sociale('obtenu', 'refuse', 'valide'), 'contredite');
  t.equal(sociale('obtenu', 'non_trouve', 'valide'), 'etablie');
  t.equal(sociale('obtenu', 'non_trouve'), 'etablie', 'dates that could not be read');
  t.equal(sociale('obtenu', 'non_trouve', 'expiree'), 'impossible_a_conclure');
  t.equal(sociale('non_trouve', 'obtenu'), 'etablie');
  t.equal(sociale('en_examen', 'non_trouve'), 'impossible_a_conclure');
  t.equal(sociale('non_trouve', 'non_trouve'), 'impossible_a_conclure');
});

t.test('nothing is concluded of a company that stands in the place of the one asked', async (t) => {
  const alerte = {
    code: 'siret_redirige',
    niveau: 'critique',
    message: 'Redirigé.',
    pieces: ['insee_etablissement'],
  };
  const { constats, a_demander } = examine({
    pieces: all({ [ATTESTATION]: 'obtenu', [URSSAF]: 'refuse' }),
    alertes: [alerte as AlerteComplete],
  });
  t.strictSame([...new Set(constats.map(({ conclusion }) => conclusion))], ['impossible_a_conclure']);
  t.strictSame(a_demander, []);
});

const statut = fc.constantFrom(...STATUTS);
const etat = fc.constantFrom<Etat>('valide', 'expiree', 'inconnue');
const anyPiece = (id: string) => fc.tuple(statut, etat).map(([one, other]) => piece(id, one, other));
const anyStory = fc
  .tuple(...[ATTESTATION, LIASSES, LIENS, URSSAF, MSA].map(anyPiece), fc.option(fc.boolean(), { nil: null }))
  .map((drawn) => {
    const pieces = drawn.slice(0, 5) as Piece[];
    const membre = drawn[5] as boolean | null;
    return {
      pieces: Object.fromEntries(pieces.map((one) => [one.source, one])),
      fiscal: { groupe_fiscal: membre === null ? null : { membre, role: null } },
    };
  });

t.test(
  'whatever the answers, only a refusal contradicts, only a proof establishes, and what may come is not asked',
  async (t) => {
    const property = fc.check(
      fc.property(anyStory, (story) => {
        const { constats, a_demander } = examine(story);
        const statuts = (ids: string[]) => ids.map((id) => story.pieces[id]?.statut);
        for (const { exigence, conclusion, motif } of constats) {
          const proofs = exigence === 'regularite_fiscale' ? [ATTESTATION] : [URSSAF, MSA];
          if (conclusion === 'contredite' && !statuts([URSSAF, MSA]).includes('refuse')) return false;
          if (conclusion === 'contredite' && exigence === 'regularite_fiscale') return false;
          if (conclusion === 'etablie' && !statuts(proofs).includes('obtenu')) return false;
          if (motif === '') return false;
        }
        const fiscalLeft = a_demander.some(({ piece: name }) => name.includes('fiscale'));
        return !fiscalLeft || !['differe', 'indisponible'].includes(story.pieces[ATTESTATION]?.statut ?? '');
      }),
      { numRuns: 2_000 },
    );
    t.notOk(property.failed, JSON.stringify(property.counterexample));
  },
);

t.test('what a usage forbids is never in its list', async (t) => {
  const ids = (usage: (typeof USAGES)[number]) => usages[usage].sources as readonly string[];
  for (const id of [
    'infogreffe_mandataires_sociaux',
    ATTESTATION,
    URSSAF,
    MSA,
    'dgfip_chiffres_affaires',
    LIASSES,
    LIENS,
  ]) {
    t.notOk(ids('socle').includes(id), `socle ${id}`);
  }
  for (const id of ['infogreffe_extrait_rcs', 'infogreffe_mandataires_sociaux', 'douanes_eori', MSA]) {
    t.notOk(ids('subvention_association').includes(id), `subvention_association ${id}`);
  }
  for (const usage of USAGES)
    t.equal(new Set(ids(usage)).size, ids(usage).length, `${usage} lists no source twice`);
});
