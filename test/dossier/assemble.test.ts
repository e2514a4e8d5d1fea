import t from 'tap';
import type { Alerte, AlerteComplete } from '../../src/dossier/alerte.ts';
import { type Answered, assemble, isUnknown, type Pieces } from '../../src/dossier/assemble.ts';
import { deferred, type Fact, notNeeded, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import type { SourceDescription } from '../../src/dossier/piece.ts';
import type { Siret } from '../../src/dossier/siret.ts';
import type { Sections, Unified } from '../../src/dossier/unified.ts';

const outOfScope: Outcome = { statut: 'hors_perimetre', regle: 'Réservé aux associations.' };
const forbidden: Outcome = { statut: 'non_autorise', erreur: null, nouvel_essai_le: null };
const failed = unavailable('delai_depasse', 'Délai dépassé', Date.parse('2026-11-23T12:05:00Z'));
const awaited = deferred(null, Date.parse('2026-11-23T12:01:00Z'));

function fact(changes: Partial<Fact> = {}): Fact {
  return {
    statut: 'obtenu',
    donnees: {},
    validite: { du: null, au: null },
    erreur: null,
    obtenu_le: '2026-11-23T08:00:00Z',
    nouvel_essai_le: null,
    ...changes,
  };
}
const notFound = fact({ statut: 'non_trouve', donnees: null });

function answered(
  id: string,
  outcome: Outcome,
  changes: Partial<SourceDescription> = {},
  perime = false,
): Answered {
  const source = {
    id,
    administration: `Administration ${id}`,
    libelle: id,
    explications: {},
    unify: (donnees: unknown) => donnees as Unified,
    alertes: () => [],
    alertesByStatut: {},
    ...changes,
  };
  return { source, outcome, perime };
}

const nothing = () => ({ constats: [], a_demander: [] });

function dossierOf(all: Answered[], examine: Parameters<typeof assemble>[0]['examine'] = nothing) {
  const siret = '55203253400646' as Siret;
  const parameters = { etape: 'suivi', nature: null, date: '2026-11-02' };
  return assemble({
    ...{ siret, usage: 'marche_public', parameters, answered: all },
    ...{ today: '2026-11-23', examine },
  });
}

const alerteOf = (niveau: Alerte['niveau'], code: Alerte['code'] = 'radiation') => ({
  code,
  niveau,
  message: 'À lire.',
});

t.test('a dossier is about one company, and says where to find it again', async (t) => {
  const { data, links } = dossierOf([]);
  t.match(data, { siret: '55203253400646', siren: '552032534', usage: 'marche_public' });
  t.equal(
    links.self,
    '/v1/dossiers/55203253400646?usage=marche_public&etape=suivi&date=2026-11-02',
    'with what was not left to its default',
  );
});

t.test('a dossier is complete when no answer is awaited', async (t) => {
  const inExamination = fact({ statut: 'en_examen', donnees: null, nouvel_essai_le: '2026-11-25T08:00:00Z' });
  const settled = [fact(), notFound, inExamination, outOfScope, notNeeded, forbidden];
  const { completude } = dossierOf(settled.map((outcome, i) => answered(`s${i}`, outcome))).data;
  t.strictSame(completude, { statut: 'complet', en_attente: [], prochain_essai_le: null });
});

t.test('what failed or was put off is awaited, until the earliest retry', async (t) => {
  const all = [answered('a', fact()), answered('b', failed), answered('c', awaited)];
  t.strictSame(dossierOf(all).data.completude, {
    statut: 'partiel',
    en_attente: ['b', 'c'],
    prochain_essai_le: '2026-11-23T12:01:00Z',
  });
});

t.test(
  'an answer that is given although no longer fresh says so in its piece, and in no other',
  async (t) => {
    const { pieces, completude } = dossierOf([answered('a', fact(), {}, true), answered('b', fact())]).data;
    t.match(pieces.a, { perime: true, statut: 'obtenu', obtenu_le: '2026-11-23T08:00:00Z' });
    t.match(pieces.b, { perime: false });
    t.equal(completude.statut, 'complet', 'it is an answer');
  },
);

t.test('a dossier is as old as its latest answer', async (t) => {
  const days = ['2026-11-20T08:00:00Z', '2026-11-22T08:00:00Z', '2026-11-21T08:00:00Z'];
  const all = days.map((obtenu_le, i) => answered(`s${i}`, fact({ obtenu_le })));
  t.equal(dossierOf([...all, answered('b', failed)]).meta.constitue_le, '2026-11-22T08:00:00Z');
  t.equal(dossierOf([answered('b', failed)]).meta.constitue_le, null);
});

t.test('the values of the first sources prevail, and are traced to them', async (t) => {
  const { data, meta } = dossierOf([
    answered('a', failed),
    answered('b', fact({ donnees: { identite: { denomination: 'Paul' } } })),
    answered('c', fact({ donnees: { identite: { denomination: 'Martin', sigle: 'M' } } })),
  ]);
  t.match(data.identite, { denomination: 'Paul', sigle: 'M' });
  t.strictSame(meta.provenance, { '/identite/denomination': 'b', '/identite/sigle': 'c' });
  t.match(data.alertes, [{ code: 'sources_divergentes', pieces: ['b', 'c'] }]);
});

t.test('a source without data is asked for neither values nor alerts', async (t) => {
  const refuseToRead = () => t.fail('there is nothing to read');
  const reading = { unify: refuseToRead, alertes: refuseToRead } as unknown as Partial<SourceDescription>;
  const all = [notFound, failed, awaited, outOfScope, notNeeded, forbidden].map((outcome, i) =>
    answered(`s${i}`, outcome, reading),
  );
  t.equal(Object.keys(dossierOf(all).data.pieces).length, 6);
});

t.test('an answer about another company raises a critical alert and gives no value', async (t) => {
  const { data } = dossierOf([answered('a', unavailable('identifiant_different', 'Autre', null))]);
  t.match(data.alertes, [{ code: 'siren_incoherent', niveau: 'critique', pieces: ['a'] }]);
  t.match(data.pieces.a, { statut: 'indisponible', donnees: null });
});

t.test('a statut of which the reader must be told raises its alert', async (t) => {
  const alertesByStatut = { non_trouve: alerteOf('attention', 'siret_inconnu_insee') };
  const alertesWhen = (outcome: Outcome) =>
    dossierOf([answered('a', outcome, { alertesByStatut })]).data.alertes;
  t.match(alertesWhen(notFound), [{ code: 'siret_inconnu_insee', pieces: ['a'] }]);
  t.strictSame(alertesWhen(failed), []);
});

const saying = (niveau: Alerte['niveau'], message: string) => ({ ...alerteOf(niveau), message });
const raising = (id: string, ...alertes: Alerte[]) => answered(id, fact(), { alertes: () => alertes });

t.test('the gravest alerts come first, and those of one level in the order of the sources', async (t) => {
  const { alertes } = dossierOf([
    raising('a', saying('information', 'un'), saying('attention', 'deux')),
    raising('b', saying('critique', 'trois'), saying('attention', 'quatre')),
  ]).data;
  t.strictSame(
    alertes.map(({ niveau, pieces }) => [niveau, ...pieces]),
    [
      ['critique', 'b'],
      ['attention', 'a'],
      ['attention', 'b'],
      ['information', 'a'],
    ],
  );
});

t.test('what two sources say alike is said once, with both', async (t) => {
  const { alertes } = dossierOf([
    raising('a', alerteOf('critique')),
    raising('b', alerteOf('critique')),
  ]).data;
  t.strictSame(alertes, [{ ...alerteOf('critique'), pieces: ['a', 'b'] }]);
});

t.test('the usage examines the pieces, the unified values and the alerts', async (t) => {
  const seen: [Pieces, Sections, AlerteComplete[]][] = [];
  const constat = {
    exigence: 'regularite_sociale',
    conclusion: 'impossible_a_conclure' as const,
    motif: 'Pas de réponse.',
    base_legale: 'CCP L2141-2',
    pieces: ['b'],
  };
  const all = [
    answered('a', fact({ donnees: { identite: { sigle: 'M' } } }), { alertes: () => [alerteOf('critique')] }),
    answered('b', failed),
  ];
  const { data } = dossierOf(all, (...examined) => {
    seen.push(examined);
    return { constats: [constat], a_demander: [] };
  });
  t.match(seen, [[{ a: { statut: 'obtenu' } }, { identite: { sigle: 'M' } }, [{ niveau: 'critique' }]]]);
  t.strictSame(data.constats, [constat]);
});

t.test('the same answers always give the same body, and are left as they were', async (t) => {
  const all = () => [
    answered('a', fact({ donnees: { identite: { denomination: 'Paul' } } })),
    answered('b', fact({ donnees: { identite: { denomination: 'Martin' } } }), {
      alertes: () => [alerteOf('information'), alerteOf('critique')],
    }),
    answered('c', failed),
    answered('d', awaited),
  ];
  const once = all();
  const before = JSON.stringify(once);
  const body = JSON.stringify(dossierOf(once));
  t.equal(JSON.stringify(dossierOf(once)), body);
  t.equal(JSON.stringify(dossierOf(all())), body);
  t.equal(JSON.stringify(once), before);
});

t.test('a company is unknown when every source that was asked does not know it', async (t) => {
  const table: [Outcome[], boolean][] = [
    [[], false],
    [[notNeeded, outOfScope], false],
    [[notFound], true],
    [[notFound, notNeeded, outOfScope], true],
    [[notFound, notFound], true],
    [[notFound, fact()], false],
    [[notFound, fact({ statut: 'refuse' })], false],
    [[notFound, fact({ statut: 'en_examen', donnees: null })], false],
    [[notFound, failed], false],
    [[notFound, awaited], false],
    [[notFound, forbidden], false],
  ];
  for (const [outcomes, expected] of table) {
    const all = outcomes.map((outcome, i) => answered(`s${i}`, outcome));
    t.equal(isUnknown(all), expected, outcomes.map(({ statut }) => statut).join(', '));
  }
});

t.test('what one piece says with a date and another without is said once, with both', async (t) => {
  const undated = raising('a', saying('critique', 'Cessée.'));
  const dated = raising('b', saying('critique', 'Cessée depuis le 14/10/2021.'));
  for (const both of [
    [undated, dated],
    [dated, undated],
  ]) {
    const { alertes } = dossierOf(both).data;
    t.match(alertes, [{ message: /depuis le 14/, pieces: both.map(({ source }) => source.id) }]);
    t.equal(alertes.length, 1);
  }
});
