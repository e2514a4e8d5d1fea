import t from 'tap';
import { inseeUniteLegale as source } from '../../src/sources/insee-unite-legale.ts';
import { factFor, outcomeFor, single, subjectOf } from '../helpers/answer.ts';

const company = {
  siren: '552032534',
  rna: null,
  siret_siege_social: '55203253400646',
  type: 'personne_morale',
  personne_morale_attributs: { raison_sociale: 'DANONE', sigle: 'DN' },
  personne_physique_attributs: { prenom_usuel: null, prenom_1: null, nom_usage: null, nom_naissance: null },
  categorie_entreprise: 'GE',
  status_diffusion: 'diffusible',
  forme_juridique: { code: '5599', libelle: 'non référencé' },
  activite_principale: { code: '70.10Y', nomenclature: 'NAF2025', libelle: 'Sièges sociaux' },
  activite_principale_naf_rev2: { code: '70.10Z', nomenclature: 'NAFRev2', libelle: 'Sièges sociaux' },
  tranche_effectif_salarie: { code: 'NN', intitule: null, date_reference: 2023, de: null, a: null },
  etat_administratif: 'A',
  economie_sociale_et_solidaire: true,
  date_creation: -473389200,
  date_cessation: null,
};

t.test('a company gives its identity, its category and its head office', async (t) => {
  const { donnees } = factFor(source, 200, single(company, { redirect_from_siren: null }));
  t.match(source.unify(donnees).identite, {
    denomination: 'DANONE',
    sigle: 'DN',
    categorie_entreprise: 'GE',
    economie_sociale_et_solidaire: true,
    forme_juridique: { code: '5599', libelle: null },
    effectif: { code: 'NN', annee: '2023' },
    siege: { siret: '55203253400646' },
    date_creation: '1955-01-01',
    date_cessation: null,
  });
  t.same(source.alertes(donnees), []);
});

t.test('a company that ceased is a critical alert with its day in Paris', async (t) => {
  const ceased = { ...company, etat_administratif: 'C', date_cessation: 1634162400 };
  const { donnees } = factFor(source, 200, single(ceased));
  t.match(source.unify(donnees).identite, { etat_administratif: 'cesse', date_cessation: '2021-10-14' });
  t.match(source.alertes(donnees), [
    { code: 'entreprise_cessee', niveau: 'critique', message: / le 14\/10\/2021/ },
  ]);
});

t.test('a redirected SIREN is a critical alert that names the new one, and gives no identity', async (t) => {
  const answer = single(company, { redirect_from_siren: '552049447' });
  const { donnees } = factFor(source, 200, answer, subjectOf('55204944776279'));
  t.same(source.unify(donnees), {});
  t.match(source.alertes(donnees), [
    { code: 'siret_redirige', niveau: 'critique', message: /552032534.*55203253400646.*552049447/ },
  ]);
});

t.test('an unannounced answer about another company is set aside', async (t) => {
  const outcome = outcomeFor(source, 200, single(company), subjectOf('55204944776279'));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'identifiant_different' } });
});

t.test('a partial diffusion is warned of', async (t) => {
  const { donnees } = factFor(
    source,
    200,
    single({ ...company, status_diffusion: 'partiellement_diffusible' }),
  );
  t.match(source.alertes(donnees), [{ code: 'diffusion_partielle' }]);
});

t.test('an unknown state is not understood', async (t) => {
  const outcome = outcomeFor(source, 200, single({ ...company, etat_administratif: 'F' }));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'reponse_inattendue' } });
});

t.test('whatever may be unknown is null, meta included', async (t) => {
  const bare = {
    ...Object.fromEntries(Object.keys(company).map((key) => [key, null])),
    siren: '552032534',
    status_diffusion: 'diffusible',
    etat_administratif: 'A',
  };
  const { donnees } = factFor(source, 200, { data: bare });
  const { identite } = source.unify(donnees);
  t.match(identite, { denomination: null, type: null, siege: null, forme_juridique: null, effectif: null });
});
