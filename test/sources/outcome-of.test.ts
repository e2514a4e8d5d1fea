import t from 'tap';
import { z } from 'zod';
import type { Outcome } from '../../src/dossier/outcome.ts';
import { single } from '../../src/sources/envelope.ts';
import { outcomeOf } from '../../src/sources/outcome-of.ts';
import { defineSource } from '../../src/sources/source.ts';
import { text } from '../../src/sources/wire-values.ts';
import { errors, NOON_MS, outcomeFor, subjectOf } from '../helpers/answer.ts';

const wire = single(z.object({ siren: text, situation: z.enum(['verte', 'orange']) }));
const donnees = z.object({ situation: z.enum(['verte', 'orange']) });

const source = defineSource({ wire, donnees })({
  id: 'registre_des_phares',
  administration: 'Phares et balises',
  libelle: 'Situation des phares',
  perimetre: 'Gardiens de phare.',
  opening: 'protege',
  identifiant: 'siren',
  paths: ({ siren }) => [`/v3/phares/${siren}`],
  quota: 'json',
  scopes: [],
  timeoutMs: 1000,
  freshness: { forSeconds: 60 },
  read: ({ data: { siren, situation } }) => ({ statut: 'obtenu', donnees: { situation }, about: siren }),
  codes: { 422: 'refuse', 501: 'en_examen' },
});

const answer = (status: number, body: unknown) => outcomeFor(source, status, body);
const statutOf = (status: number, body: unknown) => answer(status, body).statut;

/** Seconds between the answer and the next try. */
function retryAfter(status: number, body: unknown, retryAfterSeconds: number | null = null): number | null {
  const response = { status, retryAfterSeconds, body: JSON.stringify(body) };
  return secondsTo(outcomeOf(source, response, subjectOf(), NOON_MS).outcome);
}

function secondsTo(outcome: Outcome): number | null {
  if (!('nouvel_essai_le' in outcome) || outcome.nouvel_essai_le === null) return null;
  return (Date.parse(outcome.nouvel_essai_le) - NOON_MS) / 1000;
}

t.test('rights that do not cover a call are no statement about the company', async (t) => {
  for (const [status, code] of [
    [401, '00101'],
    [403, '00100'],
    [451, '01005'],
  ] as const) {
    t.has(answer(status, errors(code)), {
      statut: 'non_autorise',
      nouvel_essai_le: null,
      erreur: { code },
    });
    t.equal(statutOf(status, errors('01003')), 'non_autorise');
    t.equal(statutOf(status, '<html>'), 'non_autorise');
  }
});

t.test('a question already under way or one too many is asked later', async (t) => {
  for (const [status, code] of [
    [409, '00015'],
    [429, '00429'],
  ] as const) {
    t.has(answer(status, errors(code)), { statut: 'differe', erreur: { code } });
    t.equal(statutOf(status, 'Too many requests'), 'differe');
    t.ok((retryAfter(status, errors(code)) ?? 0) > 0);
  }
});

t.test('a 404 that knows the code of absence means not found', async (t) => {
  t.has(answer(404, errors('99003', 'Entité non trouvée')), {
    statut: 'non_trouve',
    donnees: null,
    obtenu_le: '2026-11-23T11:00:00Z',
    erreur: { code: '99003', titre: 'Entité non trouvée' },
  });
});

t.test('codes of API Entreprise itself speak of the call, so a 404 of theirs is an outage', async (t) => {
  for (const code of ['00402', '00003', '00422', '00501', '0402', '402', '3']) {
    t.has(answer(404, errors(code)), { statut: 'indisponible', erreur: { code } });
  }
});

t.test('a 404 in plain text is an unknown address, not an unknown company', async (t) => {
  for (const body of ['Not Found', '', 'null', '[]', '{}', '{"errors":[]}', '{"errors":"x"}']) {
    t.has(answer(404, body), { statut: 'indisponible', erreur: { code: 'http_404' } });
  }
});

t.test('a code is understood under the prefix of another provider', async (t) => {
  for (const code of ['01003', '55003', '99003']) t.equal(statutOf(404, errors(code)), 'non_trouve');
});

t.test('a code that lost its leading zero is understood', async (t) => {
  t.equal(statutOf(404, errors('4003')), 'non_trouve');
  t.has(answer(502, errors('4501')), { statut: 'en_examen', erreur: { code: '4501' } });
});

t.test('a code written as a number is understood', async (t) => {
  t.has(answer(404, { errors: [{ code: 99003 }] }), {
    statut: 'non_trouve',
    erreur: { code: '99003', titre: 'HTTP 404' },
  });
});

t.test('an answer in which everything is null or absent states nothing', async (t) => {
  const lenient = {
    ...source,
    schemas: {
      wire: single(z.object({ nom: text, lieu: z.object({ port: text }).nullish() })),
      donnees: z.unknown(),
    },
    read: ({ data }: { data: unknown }) => ({ statut: 'obtenu' as const, donnees: data }),
  };
  for (const data of [{}, { nom: null, lieu: null }, { nom: ' ', lieu: { port: null } }]) {
    t.has(outcomeFor(lenient, 200, { data }), {
      statut: 'indisponible',
      erreur: { code: 'reponse_inattendue' },
    });
  }
  t.equal(outcomeFor(lenient, 200, { data: { lieu: { port: 'Brest' } } }).statut, 'obtenu');
});

t.test('a refusal is one under its own status only: nothing else may accuse', async (t) => {
  t.equal(statutOf(404, errors('99422')), 'refuse');
  for (const status of [400, 422, 500, 502]) t.equal(statutOf(status, errors('99422')), 'indisponible');
});

t.test('an error is read whatever its title, and not when its code is no code', async (t) => {
  t.has(answer(502, { errors: [{ code: '99999', title: { fr: 'Panne' } }] }), { erreur: { code: '99999' } });
  t.equal(statutOf(404, { errors: [{ code: ['99422'], title: 'Non' }] }), 'indisponible');
  t.has(answer(503, errors('')), { statut: 'indisponible', erreur: { code: 'http_503' } });
});

t.test('other codes the source gives a meaning to have it under any status', async (t) => {
  t.equal(statutOf(502, errors('99501')), 'en_examen');
  t.equal(statutOf(504, errors('99501')), 'en_examen');
});

t.test('an unknown code is an outage, its code kept', async (t) => {
  for (const [status, code] of [
    [404, '99777'],
    [502, '99999'],
    [502, '99003'],
    [400, 'E12'],
  ] as const) {
    t.has(answer(status, errors(code)), { statut: 'indisponible', erreur: { code } });
  }
});

t.test('an endless code or title is cut', async (t) => {
  const outcome = answer(502, errors('9'.repeat(5000), 'é'.repeat(5000)));
  t.ok(JSON.stringify(outcome).length < 1000);
});

t.test('several errors of one meaning have that meaning', async (t) => {
  const twice = { errors: [...errors('99003').errors, ...errors('98003').errors] };
  t.equal(statutOf(404, twice), 'non_trouve');
});

t.test('several errors of different meanings say nothing about the company', async (t) => {
  for (const [one, other] of [
    ['99003', '99422'],
    ['99003', '99777'],
    ['99422', '99003'],
  ] as const) {
    const both = { errors: [...errors(one).errors, ...errors(other).errors] };
    t.has(answer(404, both), { statut: 'indisponible', erreur: { code: one } });
  }
});

t.test('errors without meta, source or title are understood', async (t) => {
  for (const rest of [{}, { meta: null }, { meta: {} }, { meta: [], source: null, title: null }]) {
    t.equal(statutOf(404, { errors: [{ code: '99003', ...rest }] }), 'non_trouve');
  }
});

t.test('a garbage retry time is no time, and the error keeps its meaning', async (t) => {
  for (const retry_in of ['soon', '', {}, [], true, null, -5, 0]) {
    const body = errors('99501', 'Analyse', { retry_in });
    t.equal(statutOf(502, body), 'en_examen');
    t.equal(retryAfter(502, body), 60, JSON.stringify(retry_in));
  }
});

t.test('an astronomic retry time breaks nothing', async (t) => {
  for (const number of ['1e300', '1e400', '9007199254740993', '-1e300']) {
    const body = `{"errors":[{"code":"99020","meta":{"retry_in":${number}}}]}`;
    t.equal(answer(503, body).statut, 'indisponible', number);
  }
  t.ok(retryAfter(503, errors('99020'), Number.MAX_VALUE));
});

t.test('the time at which to try again is the one the source names', async (t) => {
  t.equal(retryAfter(502, errors('99501', 'Analyse', { retry_in: 172_800 })), 172_800);
  t.equal(retryAfter(503, errors('99020', 'Maintenance', { retry_in: 1800 }), 10), 1800);
});

t.test('without one it is that of the HTTP header', async (t) => {
  t.equal(retryAfter(429, errors('00429'), 30), 30);
  t.equal(retryAfter(503, errors('99020'), 45), 45);
  t.equal(retryAfter(502, errors('99501'), 90), 90);
});

t.test('without either an outage is tried again after a minute', async (t) => {
  t.equal(retryAfter(502, errors('99999')), 60);
  t.equal(retryAfter(409, errors('00015')), 60);
});

t.test('a retry time written as text is one', async (t) => {
  t.equal(retryAfter(502, errors('99501', 'Analyse', { retry_in: '172800' })), 172_800);
  for (const retry_in of ['0', '-5', '1e3', '0x10', '10 s', '9'.repeat(400)]) {
    t.equal(retryAfter(502, errors('99501', 'Analyse', { retry_in })), 60, retry_in);
  }
});

t.test('what the source says itself of the next try is told apart from what we choose', async (t) => {
  const statedMs = (status: number, body: unknown, retryAfterSeconds: number | null = null) => {
    const response = { status, retryAfterSeconds, body: JSON.stringify(body) };
    const outcome = outcomeOf(source, response, subjectOf(), NOON_MS).outcome;
    return 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
  };
  t.equal(statedMs(502, errors('00501', 'Réseau', { retry_in: 10 })), 10_000);
  t.equal(statedMs(503, errors('99020', 'Maintenance', { retry_in: '1800' }), 10), 1_800_000);
  t.equal(statedMs(409, errors('00015'), 2), 2_000);
  t.equal(statedMs(503, null, 0), 0);
  t.equal(statedMs(503, null, Number.MAX_VALUE), 30 * 86_400_000);
  for (const status of [409, 429, 502, 503]) t.equal(statedMs(status, errors('99999')), undefined);
});

t.test('an absence or a refusal names no next try', async (t) => {
  t.equal(retryAfter(404, errors('99003', 'Absent', { retry_in: 10 })), null);
  t.equal(retryAfter(404, errors('99422', 'Refus', { retry_in: 10 })), null);
});

t.test('a success that is no JSON, or not the one expected, is an outage', async (t) => {
  const bodies = [
    '<!DOCTYPE html><html></html>',
    '',
    'null',
    '{}',
    '{"data":null}',
    '{"data":{}}',
    '{"data":',
  ];
  for (const body of bodies) {
    t.has(answer(200, body), {
      statut: 'indisponible',
      erreur: { code: 'reponse_inattendue' },
      nouvel_essai_le: '2026-11-23T11:01:00Z',
    });
  }
  t.equal(statutOf(200, errors('99003')), 'indisponible');
});

t.test('a success with an unknown value is an outage', async (t) => {
  t.equal(statutOf(200, { data: { siren: null, situation: 'rouge' } }), 'indisponible');
});

t.test('an answer about another company is set aside', async (t) => {
  t.has(answer(200, { data: { siren: '130025265', situation: 'verte' } }), {
    statut: 'indisponible',
    erreur: { code: 'identifiant_different' },
  });
});

t.test('an answer about the company, its head office or nobody in particular is taken', async (t) => {
  for (const siren of ['552032534', '552 032 534', '55203253400001', '', null]) {
    const outcome = answer(200, { data: { siren, situation: 'verte' } });
    t.has(outcome, { statut: 'obtenu', donnees: { situation: 'verte' }, erreur: null }, `${siren}`);
  }
});

t.test('any other status is an outage', async (t) => {
  for (const status of [201, 204, 206, 302, 400, 410, 418, 422, 500, 502, 503, 504]) {
    t.has(answer(status, 'Gone'), { statut: 'indisponible', erreur: { code: `http_${status}` } });
  }
});

t.test('an error without a code is an outage like one without errors', async (t) => {
  t.has(answer(404, { errors: [{ title: 'Perdu' }] }), {
    statut: 'indisponible',
    erreur: { code: 'http_404' },
  });
});
