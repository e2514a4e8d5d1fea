/** Companies of the mocked administrations that one can try at once: SIRET → its story. */
export const SAMPLE_SIRETS: Readonly<Record<string, string>> = {
  '00001140300029': 'Une PME en règle partout',
  '00002231900016': 'Une entreprise du bâtiment, qualifications et caisses professionnelles',
  '00004418000016': "L'Urssaf refuse l'attestation de vigilance",
  '00005507900016': "L'Urssaf examine encore le dossier",
  '00006620900016': "Un entrepreneur individuel, imposé à l'impôt sur le revenu",
  '00008809600011': "La filiale d'un groupe fiscal intégré",
  '00011275500012': "La CIBTP indique que l'entreprise n'est pas à jour",
  '00012340600019': 'Une association',
  '00014562300039': "Un établissement fermé d'une entreprise en activité",
  '00016785800018': 'Une entreprise en liquidation judiciaire',
  '00017890500014': 'Un entrepreneur en diffusion partielle',
  '00018996900017': "Un SIRET redirigé vers celui d'une autre entreprise",
  '00020214300012': 'Une attestation de vigilance expirée',
  '41816609600069': 'Tout autre SIRET valable : une entreprise inventée, toujours la même',
};

interface Parameter {
  name: string;
  in: string;
  examples?: Record<string, { summary?: string; value: string }>;
}

const EXAMPLES: Record<string, NonNullable<Parameter['examples']>> = {
  siret: Object.fromEntries(
    Object.entries(SAMPLE_SIRETS).map(([value, summary]) => [
      summary.replace(/[^\p{L}\p{N}]+/gu, '-'),
      { summary, value },
    ]),
  ),
  object: { procedure: { summary: 'Numéro de la procédure', value: 'DEMO-2026-001' } },
  recipient: { dinum: { summary: 'Direction interministérielle du numérique', value: '13002526500013' } },
  prefer: { attente: { summary: 'Attendre dix secondes au plus', value: 'wait=10' } },
};

/** Gives each parameter the examples of its name, so that Swagger UI offers them; the path's come first. */
export function withExamples<D extends { paths?: object | undefined }>(document: D): D {
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path) as { parameters?: Parameter[] }[]) {
      for (const parameter of operation.parameters ?? []) {
        const examples = EXAMPLES[parameter.name];
        if (examples) parameter.examples = examples;
      }
      operation.parameters?.sort((a, b) => Number(b.in === 'path') - Number(a.in === 'path'));
    }
  }
  return document;
}
