import t from 'tap';
import { verdictOf } from '../../src/collection/verdict-of.ts';
import { deferred, type Failure, notNeeded, unavailable } from '../../src/dossier/outcome.ts';
import { fact } from '../helpers/app.ts';

const down = (code: string) => verdictOf(unavailable(code, 'Panne', null));
const refused = (code: string): Failure => ({
  statut: 'non_autorise',
  erreur: { code, titre: 'Interdit' },
  nouvel_essai_le: null,
});

t.test('outages of the source, of its network and of API Entreprise are held against it', async (t) => {
  const ours = ['connexion_impossible', 'delai_depasse', 'reponse_inattendue'];
  const subCodes = ['000', '001', '002', '004', '006', '008', '009', '011', '020'];
  const provider = subCodes.flatMap((digits) => [`99${digits}`, `04${digits}`, `4${digits}`]);
  const hub = ['00501', '00502', '501', 'http_500', 'http_502', 'http_503', 'http_504', 'http_599'];
  for (const code of [...ours, ...provider, ...hub]) t.equal(down(code), 'down', code);
});

t.test('what concerns one company, one call or us tells nothing of the source', async (t) => {
  const ours = ['identifiant_different', 'reponse_trop_grande', 'memoire_occupee', 'erreur_interne'];
  const provider = ['99999', '02502', '01501', '31501', '31502', '31503', '38422', '99003', '99055', '99010'];
  const hub = ['00500', '00001', '00020', '00402', '00429', '020', 'http_400', 'http_404', 'http_422', ''];
  for (const code of [...ours, ...provider, ...hub]) t.equal(down(code), 'silent', code);
  for (const code of ['00015', '00429', 'http_409']) {
    t.equal(verdictOf(deferred({ code, titre: 'Plus tard' }, null)), 'silent', code);
  }
  for (const outcome of [deferred(null, null), notNeeded]) t.equal(verdictOf(outcome), 'silent');
});

t.test('statements show that the source works, and so does what the law forbids', async (t) => {
  for (const statut of ['obtenu', 'refuse', 'en_examen', 'non_trouve'] as const) {
    t.equal(verdictOf(fact(statut)), 'well', statut);
  }
  for (const code of ['01005', '1005', 'http_451']) t.equal(verdictOf(refused(code)), 'well', code);
});

t.test('a token that is refused is so for every company', async (t) => {
  for (const code of ['00100', '00101', '00103', '00105', '00107', '101', 'http_401', 'http_403']) {
    t.equal(verdictOf(refused(code)), 'forbidden', code);
  }
  for (const code of ['01003', 'E12']) t.equal(verdictOf(refused(code)), 'silent', code);
});
