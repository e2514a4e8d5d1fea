import fc from 'fast-check';
import t from 'tap';
import { isSiren, isSiret, sirenOf } from '../../src/dossier/siret.ts';

const DIGITS = [...'0123456789'];
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...DIGITS), minLength: length, maxLength: length });
/** The one last digit that makes a well-formed identifier of the digits before it. */
const completed = (start: string, isWellFormed: (value: string) => boolean) =>
  DIGITS.map((last) => start + last).filter(isWellFormed);

t.test('known companies are recognised, leading zeros included', async (t) => {
  for (const siret of ['55203253400646', '13002526500013', '00000000000000']) t.ok(isSiret(siret), siret);
  for (const siren of ['552032534', '356000000', '000000000']) t.ok(isSiren(siren), siren);
});

t.test('the SIREN of a SIRET is its first nine digits', async (t) => {
  const siret = '55203253400646';
  t.equal(isSiret(siret) && sirenOf(siret), '552032534');
});

t.test('La Poste numbers its establishments without check digit', async (t) => {
  t.ok(isSiret('35600000000048'));
  fc.assert(fc.property(digits(5), (nic) => isSiret(`356000000${nic}`)));
  t.notOk(isSiret('3560000000004'), 'too short all the same');
});

t.test('one check digit out of ten is right', async () => {
  fc.assert(fc.property(digits(8), (start) => completed(start, isSiren).length === 1));
  const siren = digits(8)
    .map((start) => completed(start, isSiren)[0] ?? '')
    .filter((siren) => siren !== '356000000');
  fc.assert(fc.property(siren, digits(4), (siren, nic) => completed(siren + nic, isSiret).length === 1));
});

t.test('any single mistyped digit is noticed', async () => {
  const mistyped = (siret: string, at: number, digit: string) =>
    siret.slice(0, at) + digit + siret.slice(at + 1);
  const siret = '55203253400646';
  fc.assert(
    fc.property(fc.nat(13), fc.constantFrom(...DIGITS), (at, digit) => {
      return isSiret(mistyped(siret, at, digit)) === (siret[at] === digit);
    }),
  );
});

t.test('a SIRET that passes its own check around a wrong SIREN is refused', async (t) => {
  const wrong = completed('5520325350064', (value) => isSiret(value));
  t.same(wrong, [], 'no last digit saves a wrong SIREN');
});

t.test('other lengths, spaces and other digits are refused', async (t) => {
  const refused = [
    '',
    '552032534',
    '5520325340064',
    '552032534006460',
    '552 032 534 00646',
    ' 55203253400646',
    '55203253400646\n',
    '35600000000048\n',
    '٥٥٢٠٣٢٥٣٤٠٠٦٤٦',
    '５５２０３２５３４００６４６',
    '5520325340064O',
    '-5203253400646',
  ];
  for (const value of refused) t.notOk(isSiret(value), JSON.stringify(value));
  for (const value of ['', '55203253', '5520325340', '552 032 534', '５５２０３２５３４']) {
    t.notOk(isSiren(value), JSON.stringify(value));
  }
});
