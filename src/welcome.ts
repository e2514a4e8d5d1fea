/** A mocked company in order everywhere, or a real one quoted in public documentation. */
const SAMPLES = { mocked: '00001140300029', real: '41816609600069' };
const RECIPIENT = '13002526500013';

/** What `npm start` prints once everything answers; the `curl` line works as pasted. */
export function welcome(gatewayUrl: string, sourcesUrl: string, controlUrl: string | null): string {
  const siret = controlUrl ? SAMPLES.mocked : SAMPLES.real;
  const query = `usage=marche_public&object=DEMO-2026-001&recipient=${RECIPIENT}`;
  return [
    '',
    `  Passerelle        ${gatewayUrl}`,
    `  Swagger UI        ${gatewayUrl}/docs`,
    `  Administrations   ${sourcesUrl}${controlUrl ? ` (simulées ; pannes à régler sur ${controlUrl}/faults)` : ''}`,
    '',
    '  Un premier dossier :',
    '',
    `  curl -H 'Prefer: wait=10' '${gatewayUrl}/v1/dossiers/${siret}?${query}'`,
    '',
    '',
  ].join('\n');
}
