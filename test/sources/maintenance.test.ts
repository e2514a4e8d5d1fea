import t from 'tap';
import { catalog } from '../../src/sources/catalog.ts';
import { maintenanceEnd, maintenanceInWords } from '../../src/sources/maintenance.ts';

const dgfip = { maintenance: { from: '01:00', to: '02:00' } } as const;
const bdf = { maintenance: { from: '22:04', to: '22:08' } } as const;

/** End of the window at an instant, as an instant. */
function end(source: Parameters<typeof maintenanceEnd>[0], instant: string): string | null {
  const endMs = maintenanceEnd(source, Date.parse(instant));
  return endMs === null ? null : new Date(endMs).toISOString();
}

t.test('a window lasts from its first minute to its last, Paris time, in winter and in summer', async (t) => {
  const table = [
    [dgfip, '2026-11-22T23:59:59.999Z', null],
    [dgfip, '2026-11-23T00:00:00Z', '2026-11-23T01:00:00.000Z'],
    [dgfip, '2026-11-23T00:59:59.999Z', '2026-11-23T01:00:00.000Z'],
    [dgfip, '2026-11-23T01:00:00Z', null],
    [dgfip, '2026-07-13T23:30:00Z', '2026-07-14T00:00:00.000Z'],
    [dgfip, '2026-07-14T00:30:00Z', null],
    [bdf, '2026-11-23T21:05:00Z', '2026-11-23T21:08:00.000Z'],
    [bdf, '2026-07-14T20:05:00Z', '2026-07-14T20:08:00.000Z'],
    [bdf, '2026-11-23T21:08:00Z', null],
    [{}, '2026-11-23T00:30:00Z', null],
  ] as const;
  for (const [source, instant, expected] of table) t.equal(end(source, instant), expected, instant);
});

t.test('a window lasts its hour on the nights when the clock changes', async (t) => {
  t.equal(
    end(dgfip, '2026-03-29T00:30:00Z'),
    '2026-03-29T01:00:00.000Z',
    'spring: two o’clock does not exist',
  );
  t.equal(end(dgfip, '2026-03-29T01:00:00Z'), null);
  t.equal(end(dgfip, '2026-10-24T23:30:00Z'), '2026-10-25T00:00:00.000Z', 'autumn: two o’clock comes twice');
  t.equal(end(dgfip, '2026-10-25T00:30:00Z'), null);
});

t.test('the windows announced by the administrations are declared, and said as they are', async (t) => {
  const windows = catalog.map((source) => [source.id, maintenanceInWords(source)]);
  t.strictSame(Object.fromEntries(windows.filter(([, words]) => words !== null)), {
    dgfip_attestation_fiscale: '01:00-02:00',
    dgfip_chiffres_affaires: '01:00-02:00',
    dgfip_liasses_fiscales: '01:00-02:00',
    dgfip_liens_capitalistiques: '01:00-02:00',
    dgfip_attestation_fiscale_mere: '01:00-02:00',
    dgfip_liasses_fiscales_mere: '01:00-02:00',
    msa_conformite_cotisations: '03:00-03:30',
    cnetp_attestation_conges_payes: '06:00-06:30',
    banque_de_france_bilans: '22:04-22:08',
  });
});
