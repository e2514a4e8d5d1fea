import t from 'tap';
import { type EspdRequest, readRequest } from '../../src/espd/read-request.ts';
import { requestXml } from '../helpers/espd-request.ts';

function read(xml: string | Buffer) {
  return readRequest(Buffer.from(xml as string));
}

function faultOf(xml: string | Buffer): string {
  const asked = read(xml);
  return 'fault' in asked ? asked.fault : '';
}

t.test('a request is read whatever prefixes it is written with', async (t) => {
  const asked = read(requestXml()) as EspdRequest;
  t.match(asked, { id: { name: 'cbc:ID', text: 'DUME-2026-42' }, procedure: { text: 'open' } });
  t.strictSame(
    asked.criteria.map(({ children }) => children[1]?.text),
    ['tax-pay', 'trade-regist', 'gen-year-to', 'year-manpower', 'crime-org'],
  );
  t.equal(
    asked.contractingParty?.children[0]?.children[0]?.children[0]?.text,
    'Commune de l’Exemple & alentours',
  );
});

t.test('extensions and foreign names are left out', async (t) => {
  const extra = '<x:E xmlns:x="urn:autre"><b:ID>1</b:ID></x:E>';
  const asked = read(requestXml().replace('<a:TenderingCriterion>', `<a:TenderingCriterion>${extra}`));
  t.equal((asked as EspdRequest).criteria[0]?.children[0]?.name, 'cbc:ID');
});

t.test('a document that declares a type or an entity is refused, whatever it declares', async (t) => {
  for (const before of [
    '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE q SYSTEM "http://127.0.0.1:1/espd.dtd">',
    '<!doctype q>',
  ]) {
    t.match(faultOf(requestXml({ before })), /DOCTYPE/);
  }
});

t.test('what is not a well-formed document of one root is refused', async (t) => {
  for (const xml of [
    '',
    'bonjour',
    '{"a": 1}',
    requestXml().slice(0, -20),
    `${requestXml()}<a/>`,
    '<a b=1/>',
    '<a><constructor/></a>',
    '<a><!-- ',
    '\u0000',
  ]) {
    t.match(faultOf(xml), /XML bien formé/, JSON.stringify(xml.slice(0, 30)));
  }
  t.match(faultOf(Buffer.from([0xff, 0xfe, 0x3c, 0x00])), /UTF-8/);
});

t.test('a document too deep, or of too many tags, is refused', async (t) => {
  const deep = '<a:TenderingCriterion>'.repeat(100) + '</a:TenderingCriterion>'.repeat(100);
  t.match(faultOf(requestXml({ criteria: deep })), /imbriqué/);
  t.match(faultOf(requestXml({ criteria: '<a:X/>'.repeat(70_000) })), /balises/);
});

t.test('many prefixes, declared again by each element, take no longer than one', async (t) => {
  const many = Array.from({ length: 4_000 }, (_, i) => ` xmlns:p${i}=""`).join('');
  const criteria = '<a:X xmlns:z=""/>'.repeat(20_000);
  const tookMs = (declared: string) => {
    const xml = requestXml({ criteria }).replace(' xmlns:a=', `${declared} xmlns:a=`);
    const startMs = process.cpuUsage().user / 1_000;
    t.match(faultOf(xml), /critère/);
    return process.cpuUsage().user / 1_000 - startMs;
  };
  const [one, all] = [tookMs(''), tookMs(many)];
  t.ok(all < 6 * one, `${all} ms for all, ${one} ms for one`);
});

t.test('a request of another kind or version says what it is to be', async (t) => {
  t.match(faultOf(requestXml({ root: 'Invoice' })), /racine/);
  t.match(faultOf(requestXml({ namespace: 'urn:autre' })), /racine/);
  t.match(faultOf('<QualificationApplicationRequest/>'), /racine/);
  t.match(faultOf(requestXml({ profile: 'ESPD-EDMv3.0.0' })), /ESPD-EDMv4\.1\.0/);
  t.match(faultOf(requestXml({ ubl: '2.2' })), /UBLVersionID/);
  t.match(faultOf(requestXml({ criteria: '' })), /critère/);
});
