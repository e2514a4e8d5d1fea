import t from 'tap';
import { followableLink } from '../../src/collection/document-link.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { HUB_STORAGE } from '../../src/sources/source.ts';

const OWN = 'http://127.0.0.1:4000';
const follow = (link: string, ownOrigin = OWN) => followableLink(link, { hosts: [HUB_STORAGE] }, ownOrigin);

t.test('a link to where the source says its documents are is followed', async (t) => {
  t.strictSame(follow(`https://${HUB_STORAGE}/siade/1-a.pdf?signature=b`), {
    origin: `https://${HUB_STORAGE}`,
    path: '/siade/1-a.pdf?signature=b',
  });
});

t.test('a link to where the sources are asked is followed, as the operator wrote it', async (t) => {
  t.strictSame(follow(`${OWN}/documents/a.pdf`), { origin: OWN, path: '/documents/a.pdf' });
  t.equal(follow('https://127.0.0.1:4000/a.pdf'), null, 'another scheme');
  t.equal(follow('http://127.0.0.1:4001/a.pdf'), null, 'another port');
  t.equal(follow('http://localhost:4000/a.pdf'), null, 'another name');
});

t.test('no other link is', async (t) => {
  const links = [
    `http://${HUB_STORAGE}/a.pdf`,
    `https://${HUB_STORAGE}:8443/a.pdf`,
    `https://${HUB_STORAGE}.example/a.pdf`,
    `https://a.${HUB_STORAGE}/a.pdf`,
    `https://${HUB_STORAGE}@evil.example/a.pdf`,
    `https://user:pass@${HUB_STORAGE}/a.pdf`,
    `https://evil.example/#${HUB_STORAGE}`,
    'https://documents.example/a.pdf',
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/a.pdf',
    'file:///etc/passwd',
    'data:application/pdf;base64,JVBERi0=',
    'gopher://127.0.0.1:4000/a',
    '/documents/a.pdf',
    'not a link',
    '',
    `https://${HUB_STORAGE}/${'a'.repeat(5_000)}`,
  ];
  for (const link of links) t.equal(follow(link), null, link.slice(0, 60));
});

t.test('a link by which a name would be an address is that of no source', async (t) => {
  for (const { id, document } of catalog) {
    for (const host of document?.hosts ?? []) t.match(host, /^[a-z.-]+\.gouv\.fr$/, id);
  }
});
