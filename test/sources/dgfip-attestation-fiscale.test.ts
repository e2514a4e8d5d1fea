import t from 'tap';
import { dgfipAttestationFiscale as source } from '../../src/sources/dgfip-attestation-fiscale.ts';
import { errors, factFor, outcomeFor, single } from '../helpers/answer.ts';

const delivered = {
  document_url: 'https://storage.example/attestation.pdf',
  document_url_expires_in: 86_400,
  date_delivrance_attestation: '2026-11-23',
  date_periode_analysee: '2026-10-31',
};

t.test('a certificate speaks from the day analysed and names no end of validity', async (t) => {
  const fact = factFor(source, 200, single(delivered));
  t.equal(fact.statut, 'obtenu');
  t.same(fact.validite, { du: '2026-10-31', au: null });
  t.same(source.unify(fact.donnees).fiscal?.regularite, {
    attestation_delivree_le: '2026-11-23',
    situation_au: '2026-10-31',
  });
});

t.test('a certificate without dates is delivered all the same', async (t) => {
  const undated = { ...delivered, date_delivrance_attestation: null, date_periode_analysee: '' };
  const fact = factFor(source, 200, { data: { ...undated, document_url_expires_in: null } });
  t.equal(fact.statut, 'obtenu');
  t.same(fact.validite, { du: null, au: null });
});

t.test('a success without a document certifies nothing', async (t) => {
  for (const data of [{}, { ...delivered, document_url: null }, { ...delivered, document_url: '' }]) {
    t.match(outcomeFor(source, 200, single(data)), {
      statut: 'indisponible',
      erreur: { code: 'reponse_inattendue' },
    });
  }
});

t.test('no certificate accuses nobody: every reason is named, and the form to ask for it', async (t) => {
  t.equal(outcomeFor(source, 404, errors('03003')).statut, 'non_trouve');
  const said = source.explications.non_trouve ?? '';
  for (const words of ['inconnue', 'impôt sur le revenu', 'créée dans l’année', 'sauvegarde', 'n° 3666']) {
    t.ok(said.includes(words), words);
  }
});

t.test('a provider error that may hide an absence stays an outage', async (t) => {
  t.match(outcomeFor(source, 502, errors('03501')), {
    statut: 'indisponible',
    erreur: { code: '03501' },
  });
});

t.test('it counts its calls apart, and waits longer than the hub does', async (t) => {
  t.equal(source.quota, 'attestation_fiscale');
  t.ok(source.timeoutMs > 15_000);
});
