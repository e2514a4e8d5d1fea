import t from 'tap';
import { carifOrefQualiopi as source } from '../../src/sources/carif-oref-qualiopi.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

const none = {
  action_formation: false,
  bilan_competences: false,
  validation_acquis_experience: false,
  apprentissage: false,
};
const declaration = {
  numero_de_declaration: '11910843391',
  actif: true,
  date_derniere_declaration: '2026-01-30',
  date_debut_exercice: '2025-01-01',
  date_fin_exercice: '2025-12-31',
  certification_qualiopi: { ...none, action_formation: true, obtention_via_unite_legale: true },
  specialites: {
    specialite_1: { code: '313', libelle: 'Finances, banque, assurances' },
    specialite_2: { code: null, libelle: null },
    specialite_3: null,
  },
};
const organism = {
  siret: '55203253400646',
  code_uai: null,
  unite_legale_avec_plusieurs_nda: false,
  declarations_activites_etablissement: [declaration],
  habilitations_france_competence: [
    {
      code: 'RNCP10013',
      actif: true,
      date_actif: '2020-01-30',
      date_fin_enregistrement: '2030-01-30',
      date_decision: null,
      habilitation_pour_former: true,
      habilitation_pour_organiser_l_evaluation: false,
      sirets_organismes_certificateurs: ['12345678901234'],
    },
  ],
};

const qualiopiOf = (...declarations: object[]) => {
  const data = { ...organism, declarations_activites_etablissement: declarations };
  return source.unify(factFor(source, 200, single(data)).donnees).certifications?.qualiopi;
};
const certifying = (criteres: object) => ({ ...declaration, certification_qualiopi: criteres });

t.test('the certified actions and the habilitations are given, without a validity', async (t) => {
  const fact = factFor(source, 200, single(organism));
  t.same(source.unify(fact.donnees).certifications?.qualiopi, { ...none, action_formation: true });
  t.match(fact.donnees, {
    declarations_activite: [{ numero: '11910843391', specialites: [{ code: '313' }] }],
    habilitations: [{ code: 'RNCP10013', pour_former: true, pour_organiser_evaluation: false }],
  });
  t.same(fact.validite, { du: null, au: null });
});

t.test('of several declarations, one that is certified is enough', async (t) => {
  const other = certifying({ ...none, apprentissage: true });
  t.same(qualiopiOf(declaration, other), { ...none, action_formation: true, apprentissage: true });
});

t.test('a declaration that is no longer active certifies nothing', async (t) => {
  t.same(qualiopiOf({ ...declaration, actif: false }), none);
  t.same(qualiopiOf({ ...declaration, actif: false, certification_qualiopi: null }), none);
});

t.test('what a declaration leaves unsaid is unknown, unless another says it', async (t) => {
  const unsaid = certifying({ ...none, apprentissage: null });
  t.same(qualiopiOf(unsaid), { ...none, apprentissage: null });
  t.same(qualiopiOf(unsaid, certifying({ ...none, apprentissage: true })), { ...none, apprentissage: true });
  t.same(qualiopiOf({ ...declaration, actif: null }), { ...none, action_formation: null });
});

t.test('an establishment without declaration is certified for nothing', async (t) => {
  t.same(qualiopiOf(), none);
});

t.test('everything but the SIRET may be missing', async (t) => {
  const nulls = (value: object) => Object.fromEntries(Object.keys(value).map((key) => [key, null]));
  for (const data of [{ ...nulls(organism), siret: organism.siret }, { siret: organism.siret }]) {
    const fact = factFor(source, 200, single(data));
    t.equal(source.unify(fact.donnees).certifications?.qualiopi, null);
  }
  const data = {
    ...organism,
    declarations_activites_etablissement: [nulls(declaration), {}],
    habilitations_france_competence: [{ sirets_organismes_certificateurs: [null] }, {}],
  };
  const unknown = Object.fromEntries(Object.keys(none).map((key) => [key, null]));
  const fact = factFor(source, 200, single(data));
  t.same(source.unify(fact.donnees).certifications?.qualiopi, unknown);
});

t.test('an answer about another company is set aside', async (t) => {
  const outcome = outcomeFor(source, 200, single({ ...organism, siret: '13002526500013' }));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
});

t.test('an establishment that trains nobody is not found', async (t) => {
  t.equal(outcomeFor(source, 404, errors('33003')).statut, 'non_trouve');
});
