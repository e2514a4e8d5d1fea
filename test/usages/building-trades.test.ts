import t from 'tap';
import { findingOf, type Given, obtained, stated, type World } from '../helpers/examined.ts';

const UNITE = 'insee_unite_legale';
const unsure = 'impossible_a_conclure';

t.test('funds are required of works, or of builders when the nature is unknown', async (t) => {
  const baker = obtained(UNITE);
  const builder = obtained(UNITE, {
    activite_principale: { code: '43.99A', libelle: null, nomenclature: null },
  });
  const of = (unite: Given, nature: 'services' | 'travaux_batiment' | null, more: World['given'] = {}) =>
    findingOf('conges_payes_btp', { given: { [UNITE]: unite, ...more }, procedure: { nature } });
  t.equal(of(baker, null).conclusion, 'sans_objet');
  t.equal(of(baker, 'services').conclusion, undefined, 'no requirement at all');
  t.equal(of(baker, 'travaux_batiment').conclusion, unsure);
  const absent = {
    cibtp_attestation_conges_payes: stated('non_trouve'),
    cnetp_attestation_conges_payes: stated('non_trouve'),
  };
  t.match(of(builder, null, absent), {
    conclusion: unsure,
    motif: /les caisses ne connaissent pas l'entreprise/,
    left: [/congés payés/],
  });
  const paid = { ...absent, cnetp_attestation_conges_payes: obtained('cnetp_attestation_conges_payes') };
  t.equal(of(builder, null, paid).conclusion, 'etablie', 'a company belongs to one fund');
  const unpaid = { ...paid, cibtp_attestation_conges_payes: stated('refuse') };
  t.equal(of(builder, null, unpaid).conclusion, 'contredite');
});

t.test('a fund is told in its own words', async (t) => {
  const PROBTP = 'probtp_conformite_cotisations_retraite';
  const of = (given: World['given']) =>
    findingOf('retraite_btp', { given, procedure: { nature: 'travaux_batiment' } });
  t.match(of({ [PROBTP]: stated('refuse') }), {
    conclusion: 'contredite',
    motif: /^ProBTP connaît l’établissement et ne confirme pas la conformité/,
  });
  t.match(of({ [PROBTP]: obtained(PROBTP) }), { conclusion: 'etablie', motif: /^ProBTP confirme/ });
  t.match(of({ [PROBTP]: stated('non_trouve') }).left, [/n'employer aucun salarié ou de ne pas relever/]);
});

t.test('a document that alone says its days is to be read, and no other is asked', async (t) => {
  const CNETP = 'cnetp_attestation_conges_payes';
  const CARD = 'fntp_carte_professionnelle';
  const of = (exigence: string, id: typeof CNETP | typeof CARD, date: string, more: object = {}) =>
    findingOf(exigence, {
      given: { [id]: obtained(id, {}, more) },
      procedure: { nature: 'travaux_publics' },
      date,
    });
  for (const [exigence, id] of [
    ['conges_payes_btp', CNETP],
    ['qualifications', CARD],
  ] as const) {
    for (const date of ['2026-11-17', '2026-12-17']) {
      const day = date.split('-').reverse().join('/');
      t.match(of(exigence, id, date), {
        conclusion: unsure,
        motif: new RegExp(`au document de dire s'il vaut au ${day}`),
        pieces: [id],
        left: [],
      });
    }
  }
  const dated = { validite: { du: '2026-11-01', au: '2027-01-31' } };
  t.equal(of('conges_payes_btp', CNETP, '2026-11-17', dated).conclusion, 'etablie', 'its own dates count');
});

t.test('qualifications are named', async (t) => {
  const QUALIOPI = 'carif_oref_qualiopi';
  const of = (given: World['given']) =>
    findingOf('qualifications', { given, procedure: { nature: 'services' } }).motif;
  const certification_qualiopi = { action_formation: true, bilan_competences: false };
  const training = obtained(QUALIOPI, { declarations_activite: [{ actif: true, certification_qualiopi }] });
  t.match(of({ [QUALIOPI]: training }), /à comparer au niveau exigé : .*\(Qualiopi, actions de formation\)/);
  const lines = ['Un', 'Deux', 'Trois', 'Quatre', 'Cinq'].map((libelle) => ({
    code: null,
    libelle,
    rge: false,
    date_attribution: '2020-01-01',
  }));
  const building = obtained('qualibat_certification', {
    contenu_lu: true,
    date_fin_validite: '2027-01-01',
    certifications: lines,
  });
  t.match(of({ qualibat_certification: building }), /Qualibat \(Un, Deux, Trois, et 2 autres\)/);
});

t.test('only qualifications in force count', async (t) => {
  const given = (au: string) => ({
    ademe_certification_rge: obtained('ademe_certification_rge', {
      certificats: [],
    }),
    qualibat_certification: obtained('qualibat_certification', {
      contenu_lu: true,
      date_fin_validite: au,
      certifications: [{ code: '1', libelle: null, rge: false, date_attribution: '2020-01-01' }],
    }),
  });
  const of = (au: string) =>
    findingOf('qualifications', { given: given(au), procedure: { nature: 'travaux_batiment' } });
  t.equal(of('2026-11-23').conclusion, 'etablie');
  t.match(of('2026-11-22'), { conclusion: unsure, left: [/qualification/] });
});
