import t from 'tap';
import { urssafAttestationVigilance as source } from '../../src/sources/urssaf-attestation-vigilance.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

const delivered = {
  document_url: 'https://storage.example/attestation.pdf',
  document_url_expires_in: 86400,
  date_debut_validite: '2026-10-31',
  date_fin_validite: '2027-04-30',
  code_securite: 'ABCDEF123456789',
  entity_status: { code: 'ok', libelle: '…', description: '…' },
};

t.test('a delivered certificate gives its dates and its security code', async (t) => {
  const fact = factFor(source, 200, single(delivered));
  t.equal(fact.statut, 'obtenu');
  t.same(fact.validite, { du: '2026-10-31', au: '2027-04-30' });
  t.match(source.unify(fact.donnees).social?.vigilance, { situation: 'delivree', au: '2027-04-30' });
});

t.test('a refusal is a 200, and it is a refusal', async (t) => {
  const nothing = {
    document_url: null,
    date_debut_validite: null,
    date_fin_validite: null,
    code_securite: null,
  };
  const fact = factFor(source, 200, single({ ...nothing, entity_status: { code: 'refus_de_delivrance' } }));
  t.equal(fact.statut, 'refuse');
  t.match(source.unify(fact.donnees).social?.vigilance, { situation: 'refusee', au: null });
});

t.test('a certificate whose PDF could not be read is delivered, without dates', async (t) => {
  const unread = { ...delivered, date_debut_validite: null, date_fin_validite: null, code_securite: null };
  const fact = factFor(source, 200, single(unread));
  t.equal(fact.statut, 'obtenu');
  t.same(fact.validite, { du: null, au: null });
});

t.test('an unknown status is not understood, so it accuses nobody', async (t) => {
  const outcome = outcomeFor(source, 200, single({ ...delivered, entity_status: { code: 'refus_partiel' } }));
  t.match(outcome, { statut: 'indisponible', erreur: { code: 'reponse_inattendue' } });
});

t.test(
  'a case examined by an agent is neither a refusal nor an outage, and says when to ask again',
  async (t) => {
    const outcome = outcomeFor(source, 502, errors('04501', 'Analyse manuelle', { retry_in: 172_800 }));
    t.match(outcome, {
      statut: 'en_examen',
      nouvel_essai_le: '2026-11-25T11:00:00Z',
      erreur: { code: '04501' },
    });
    t.equal(outcomeFor(source, 502, errors('04502')).statut, 'en_examen');
  },
);

t.test('a company that Urssaf does not know is not accused', async (t) => {
  t.equal(outcomeFor(source, 404, errors('04003')).statut, 'non_trouve');
});
