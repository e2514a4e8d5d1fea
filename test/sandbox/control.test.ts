import t from 'tap';
import { MSA, startSandbox, VIGILANCE } from './start-sandbox.ts';

const DELETE = { method: 'DELETE' } as const;

await t.test('faults are staged, told and taken back while the sandbox runs', async (t) => {
  const { get, stage, controlUrl } = await startSandbox(t);
  t.equal((await stage('*', { latencyMs: 5 })).status, 200);
  await stage('msa_conformite_cotisations', [{ failure: 'html' }, { rate: 0.5, failure: 'reset' }]);
  t.same((await get(`${controlUrl}/faults`)).json, {
    '*': [{ rate: 1, latencyMs: 5 }],
    msa_conformite_cotisations: [
      { rate: 1, failure: 'html' },
      { rate: 0.5, failure: 'reset' },
    ],
  });
  t.equal((await get(`${controlUrl}/faults/msa_conformite_cotisations`, DELETE)).status, 204);
  t.same(Object.keys((await get(`${controlUrl}/faults`)).json), ['*']);
  t.equal((await get(`${controlUrl}/faults`, DELETE)).status, 204);
  t.same((await get(`${controlUrl}/faults`)).json, {});
});

await t.test('a fault that cannot be is refused, and says what is wrong', async (t) => {
  const { get, stage, controlUrl } = await startSandbox(t);
  t.equal((await stage('nulle_part', {})).status, 404);
  const wrong = [
    { rate: 2 },
    { failure: 'explosion' },
    { latency: 3 },
    { errors: [{ code: '1', status: 200 }] },
  ];
  for (const plan of wrong) {
    const refused = await stage('*', plan);
    t.equal(refused.status, 422);
    t.ok(refused.json.message.length > 10);
  }
  t.same((await get(`${controlUrl}/faults`)).json, {});
});

await t.test('calls are counted by endpoint, whatever they were answered', async (t) => {
  const { get, controlUrl } = await startSandbox(t);
  await get(MSA);
  await get(MSA, { token: null });
  await get(VIGILANCE);
  await get('/v3/ping');
  t.same((await get(`${controlUrl}/calls`)).json, {
    total: 3,
    endpoints: { msa_conformite_cotisations: 2, urssaf_attestation_vigilance: 1 },
  });
  await get(`${controlUrl}/calls`, DELETE);
  t.same((await get(`${controlUrl}/calls`)).json, { total: 0, endpoints: {} });
});

await t.test('nothing of the control shows where API Entreprise is played', async (t) => {
  const { get } = await startSandbox(t);
  for (const path of ['/faults', '/calls']) t.equal((await get(path)).status, 404);
});
