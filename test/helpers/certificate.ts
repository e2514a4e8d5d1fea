import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Test } from 'tap';

/** Paths of PEM files: a certificate for this machine, by an authority that nobody knows. */
export interface Certificate {
  authority: string;
  certificate: string;
  key: string;
}

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];

export async function makeCertificate(t: Test): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  const make = (name: string, subject: string, ...more: string[]) =>
    run(
      'openssl',
      ['req', '-x509', '-days', '2', ...NEW_KEY, '-subj', `/CN=${subject}`].concat(
        ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)],
        more,
      ),
    );
  await make('authority', 'an authority of the tests');
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE'];
  await make('server', '127.0.0.1', '-CA', at('authority.pem'), '-CAkey', at('authority.key'), ...names);
  return { authority: at('authority.pem'), certificate: at('server.pem'), key: at('server.key') };
}
