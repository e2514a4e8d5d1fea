import t from 'tap';
import { findingOf, obtained, stated } from '../helpers/examined.ts';

const SIEGE = '55203253400646';
const sources = {
  chiffres: 'dgfip_chiffres_affaires',
  probtp: 'probtp_conformite_cotisations_retraite',
  cibtp: 'cibtp_attestation_conges_payes',
  cnetp: 'cnetp_attestation_conges_payes',
  urssaf: 'urssaf_attestation_vigilance',
  msa: 'msa_conformite_cotisations',
} as const;
const absent = Object.fromEntries(Object.values(sources).map((id) => [id, stated('non_trouve')]));

/** An establishment that no source by establishment knows. */
const of = (exigence: string, siege: boolean, more: object = {}) =>
  findingOf(exigence, {
    procedure: { nature: 'travaux_batiment' },
    given: {
      ...absent,
      insee_etablissement: obtained('insee_etablissement', { siege }),
      insee_unite_legale: obtained('insee_unite_legale', { siret_siege: SIEGE, date_creation: '2010-01-01' }),
      ...more,
    },
  });

for (const exigence of ['capacite_economique', 'retraite_btp', 'conges_payes_btp', 'regularite_sociale']) {
  t.test(`${exigence}: a secondary establishment that is unknown sends to its head office`, async (t) => {
    t.match(of(exigence, false), {
      conclusion: 'impossible_a_conclure',
      motif: new RegExp(`cet établissement : demandez le dossier du siège, ${SIEGE}`),
      left: [],
    });
    t.equal(of(exigence, true).left.length, 1, 'the head office itself has a document asked');
  });
}

t.test('a source by company that does not know it sends nowhere', async (t) => {
  const outOfMsa = {
    [sources.msa]: { outcome: { statut: 'hors_perimetre', regle: 'Hors champ.' }, perime: false },
  };
  t.match(of('regularite_sociale', false, outOfMsa).left, [/vigilance/]);
});
