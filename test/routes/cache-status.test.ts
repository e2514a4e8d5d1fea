import t from 'tap';
import type { Asked } from '../../src/collection/ask-source.ts';
import { deferred, unavailable } from '../../src/dossier/outcome.ts';
import { cacheStatusOf, cacheStatusOfKept } from '../../src/routes/cache-status.ts';
import { NOON_MS } from '../helpers/answer.ts';
import { askedFor, fact } from '../helpers/app.ts';
import { renditionOf } from '../helpers/keeper.ts';

const MINUTE_MS = 60_000;

t.test('each source tells whether a call was made for it, and how long its answer is kept', async (t) => {
  const found = fact('obtenu');
  const down = unavailable('delai_depasse', '…', null);
  const late: Asked = { ...askedFor(deferred(null, null)), from: 'late' };
  const members: [string, Asked][] = [
    ['fwd=miss; stored; ttl=60', askedFor(found)],
    ['fwd=miss; stored; collapsed; ttl=60', { ...askedFor(found), from: 'joined' }],
    ['fwd=miss', askedFor(down)],
    ['fwd=miss; collapsed', { ...askedFor(down), from: 'joined' }],
    ['hit; ttl=60', { ...askedFor(found), from: 'kept' }],
    ['hit; ttl=-60; detail=stale', { ...askedFor(found, true, NOON_MS - MINUTE_MS), from: 'kept' }],
    ['hit; ttl=60; detail=stale', { ...askedFor(found, true), from: 'kept' }],
    ['fwd=miss; detail=late', late],
  ];
  for (const [member, asked] of members) {
    t.equal(cacheStatusOf(new Map([['msa', asked]]), NOON_MS), `msa; ${member}`);
  }
  const collected = new Map(members.map(([, asked], i) => [`s${i}`, asked]));
  t.equal(cacheStatusOf(collected, NOON_MS), members.map(([member], i) => `s${i}; ${member}`).join(', '));
});

t.test('of a dossier that is kept whole all are hits, whose time runs down', async (t) => {
  const rendition = renditionOf('x', 60, NOON_MS);
  rendition.members.push(['douanes_eori', NOON_MS + 2 * MINUTE_MS]);
  const other = renditionOf('y', 10, NOON_MS);
  const expected: [number, string][] = [
    [0, 'msa_conformite_cotisations; hit; ttl=60, douanes_eori; hit; ttl=120'],
    [999, 'msa_conformite_cotisations; hit; ttl=59, douanes_eori; hit; ttl=119'],
    [1_000, 'msa_conformite_cotisations; hit; ttl=59, douanes_eori; hit; ttl=119'],
    [59_000, 'msa_conformite_cotisations; hit; ttl=1, douanes_eori; hit; ttl=61'],
  ];
  for (const [afterMs, text] of expected) {
    const nowMs = NOON_MS + afterMs;
    t.equal(cacheStatusOfKept(rendition, nowMs), text, `${afterMs} ms later`);
    t.notMatch(cacheStatusOfKept(other, nowMs), 'douanes_eori');
  }
});
