import t from 'tap';
import { z } from 'zod';
import { deferred, type Fact, notNeeded, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import {
  pieceOf,
  pieceSchema,
  type SourceDescription,
  STATUTS,
  validityOn,
} from '../../src/dossier/piece.ts';
import type { Siret } from '../../src/dossier/siret.ts';

const owner = { siret: '55203253400646' as Siret, usage: 'marche_public' as const };
const on = (today: string) => ({ today, owner });
const TODAY = '2026-11-23';
const source: SourceDescription = {
  id: 'caisse_attestation',
  administration: 'Caisse',
  libelle: 'Attestation',
  explications: { refuse: 'La caisse refuse son attestation.' },
  unify: () => ({}),
  alertes: () => [],
  alertesByStatut: {},
};
const fact: Fact = {
  statut: 'obtenu',
  donnees: { a_jour: true },
  validite: { du: '2026-11-01', au: '2026-11-30' },
  erreur: null,
  obtenu_le: '2026-11-20T08:00:00Z',
  nouvel_essai_le: null,
};
const erreur = { code: '04501', titre: 'Analyse en cours' };
const dataless: Outcome[] = [
  unavailable('delai_depasse', 'Délai dépassé', Date.parse('2026-11-23T12:00:00Z')),
  deferred(null, null),
  { statut: 'non_autorise', erreur: { code: '00100', titre: 'Privilèges' }, nouvel_essai_le: null },
  { statut: 'hors_perimetre', regle: 'Réservé aux associations.' },
  notNeeded,
];
const outcomes: Outcome[] = [
  fact,
  { ...fact, statut: 'refuse' },
  { ...fact, statut: 'en_examen', donnees: null, erreur, nouvel_essai_le: '2026-11-25T08:00:00Z' },
  { ...fact, statut: 'non_trouve', donnees: null },
  ...dataless,
];

t.test('a proof is valid from its first to its last day, both included', async (t) => {
  const table = [
    ['2026-11-01', '2026-11-30', 'valide'],
    [TODAY, TODAY, 'valide'],
    [null, TODAY, 'valide'],
    [null, '2026-11-22', 'expiree'],
    ['2026-01-01', '2026-11-22', 'expiree'],
    ['2026-11-24', '2027-11-24', 'inconnue'],
    ['2026-11-01', null, 'inconnue'],
    [null, null, 'inconnue'],
  ] as const;
  for (const [du, au, etat] of table) t.equal(validityOn(TODAY, { du, au }), etat, `${du} – ${au}`);
});

t.test('validity is judged on the day of the dossier, not on that of the answer', async (t) => {
  t.strictSame(pieceOf(source, fact, on(TODAY)).validite, { ...fact.validite, etat: 'valide' });
  t.strictSame(pieceOf(source, fact, on('2026-12-01')).validite, { ...fact.validite, etat: 'expiree' });
});

t.test('every statut makes a piece that fits the contract', async (t) => {
  const schema = pieceSchema(z.unknown());
  const pieces = outcomes.map((outcome) => pieceOf(source, outcome, on(TODAY)));
  for (const piece of pieces) t.strictSame(schema.parse(piece), piece);
  t.strictSame(pieces.map(({ statut }) => statut).sort(), [...STATUTS].sort());
});

t.test('what a source did not state bears no data, date or validity', async (t) => {
  for (const outcome of dataless) {
    const leaky = { ...outcome, donnees: { secret: true }, validite: fact.validite } as Outcome;
    t.match(pieceOf(source, leaky, on(TODAY)), {
      statut: outcome.statut,
      donnees: null,
      obtenu_le: null,
      validite: { du: null, au: null, etat: 'inconnue' },
    });
  }
});

t.test('a statement keeps its data, its day and its error code', async (t) => {
  t.match(pieceOf(source, fact, on(TODAY)), { donnees: { a_jour: true }, obtenu_le: '2026-11-20T08:00:00Z' });
  t.match(pieceOf(source, { ...fact, statut: 'en_examen', erreur }, on(TODAY)), { erreur });
});

t.test('a failure says when to try again, what was not asked does not', async (t) => {
  const [failed, , , outOfScope, unneeded] = dataless.map((outcome) => pieceOf(source, outcome, on(TODAY)));
  t.match(failed, { erreur: { code: 'delai_depasse' }, nouvel_essai_le: '2026-11-23T12:00:00Z' });
  for (const piece of [outOfScope, unneeded]) t.match(piece, { erreur: null, nouvel_essai_le: null });
});

t.test('what a source says to us only is not shown', async (t) => {
  const failed = unavailable('99001', 'Panne', null);
  t.strictSame(
    pieceOf(source, { ...failed, retryAfterMs: 10_000 }, on(TODAY)),
    pieceOf(source, failed, on(TODAY)),
  );
});

t.test('what is out of scope names the rule', async (t) => {
  const explicationOf = (regle: string | null) =>
    pieceOf(source, { statut: 'hors_perimetre', regle }, on(TODAY)).explication;
  t.equal(explicationOf('Réservé aux associations.'), 'Réservé aux associations.');
  t.match(explicationOf(null), 'ne couvre pas');
});

t.test('a source explains its statuts better than the common sentences', async (t) => {
  t.equal(pieceOf(source, { ...fact, statut: 'refuse' }, on(TODAY)).explication, source.explications.refuse);
  for (const outcome of outcomes) {
    t.ok(
      pieceOf({ ...source, explications: {} }, outcome, on(TODAY)).explication.endsWith('.'),
      outcome.statut,
    );
  }
});

t.test('a piece says where its document is, or that it could not be had', async (t) => {
  const sha256 = 'a'.repeat(64);
  const stored = pieceOf(source, { ...fact, document: { sha256, taille: 10 } }, on(TODAY));
  t.strictSame(stored.document, {
    href: `/v1/dossiers/55203253400646/documents/${source.id}/${sha256}?usage=marche_public`,
    type: 'application/pdf',
    sha256,
    taille: 10,
  });
  t.notMatch(stored.explication, /document/);
  const missing = pieceOf(source, { ...fact, document: 'manquant' }, on(TODAY));
  t.equal(missing.document, null);
  t.match(missing.explication, /document lui-même n'a pas pu être récupéré/);
  t.equal(pieceOf(source, fact, on(TODAY)).document, null);
});
