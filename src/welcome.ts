import { join } from 'node:path';
import type { Demonstration } from './access/demonstration.ts';

/** A mocked company in order everywhere. */
const SAMPLE = '00001140300029';

export interface WelcomeOptions {
  /** Of the gateway. */
  url: string;
  sourcesUrl: string;
  /** Where faults of the mocked administrations are set; null where they are not mocked. */
  controlUrl: string | null;
  /** Where the tokens are also written. */
  dataDir: string;
  /** Null where the administrations are not mocked. */
  demonstration: Demonstration | null;
}

/** What `npm start` prints once everything answers; where there is something to try, the `curl` line works as pasted. */
export function welcome({ url, sourcesUrl, controlUrl, dataDir, demonstration }: WelcomeOptions): string {
  const mocked = controlUrl ? ` (simulées ; pannes à régler sur ${controlUrl}/faults)` : '';
  return [
    '',
    `  Passerelle        ${url}`,
    `  Swagger UI        ${url}/docs`,
    `  Administrations   ${sourcesUrl}${mocked}`,
    '',
    ...(demonstration ? trying(url, dataDir, demonstration) : granting(url)),
    '',
    '',
  ].join('\n');
}

function trying(url: string, dataDir: string, { recipient, tokens }: Demonstration): string[] {
  const query = `usage=marche_public&object=DEMO-2026-001&recipient=${recipient}`;
  const bearer = `-H 'Authorization: Bearer ${tokens.marche_public}'`;
  return [
    '  Jetons de démonstration, depuis cette machine seulement',
    `  (aussi dans ${join(dataDir, 'demonstration.json')}) :`,
    '',
    ...Object.entries(tokens).map(([name, token]) => `  ${name.padEnd(22)}  ${token}`),
    '',
    '  Un premier dossier :',
    '',
    `  curl ${bearer} -H 'Prefer: wait=10' '${url}/v1/dossiers/${SAMPLE}?${query}'`,
  ];
}

function granting(url: string): string[] {
  return [
    '  Personne n’entre sans habilitation. Pour en accorder une :',
    '',
    '  npm run habilitations -- aide',
    '',
    '  Un premier dossier, avec son jeton :',
    '',
    `  curl -H "Authorization: Bearer $JETON" '${url}/v1/dossiers/<siret>?usage=…&object=…&recipient=…'`,
  ];
}
