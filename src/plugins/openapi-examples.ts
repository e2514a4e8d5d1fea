import { existsSync, readFileSync } from 'node:fs';

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

/** A whole dossier, written by `npm run generate`; absent only while it is being written for the first time. */
const EXAMPLE_FILE = new URL('../../openapi/dossier.example.json', import.meta.url);

/** Bodies that work as they are, on mocked administrations with the token of the usage. */
const DC2 = {
  siret: '00001140300029',
  usage: 'marche_public',
  object: 'DEMO-2026-001',
  recipient: '13002526500013',
};
const BODIES: Record<string, Record<string, { summary: string; value: object }>> = {
  preremplirFormulaire: {
    dc2: { summary: "Un formulaire prêt à l'emploi : le DC2", value: { ...DC2, formulaire: 'dc2' } },
    schema: {
      summary: 'Un schéma',
      value: {
        ...DC2,
        schema: {
          type: 'object',
          properties: {
            raison_sociale: { type: 'string', maxLength: 60, 'x-dlnuf': '/identite/denomination' },
            effectif: { type: 'number', 'x-dlnuf': '/social/effectif_annuel/total' },
            motivation: { type: 'string' },
          },
          required: ['raison_sociale', 'motivation'],
        },
      },
    },
  },
};

const CHAMPS = [
  { id: 22, type: 'text', 'x-dlnuf': '/identite/denomination' },
  {
    id: 23,
    type: 'drop_down_list',
    options: ['PME', 'ETI', 'GE'],
    'x-dlnuf': '/identite/categorie_entreprise',
  },
  { id: 24, type: 'piece_justificative', 'x-dlnuf': '/fiscal/regularite/attestation_delivree_le' },
];
const DESCRIPTEUR = {
  number: 7,
  revision: {
    champDescriptors: [
      { __typename: 'CommuneChampDescriptor', id: 'Q2hhbXAtMzA=', label: 'Commune' },
      {
        __typename: 'RepetitionChampDescriptor',
        id: 'Q2hhbXAtMzE=',
        label: 'Exercices',
        champDescriptors: [
          { __typename: 'DateChampDescriptor', id: 'Q2hhbXAtMzI=', label: 'Clos le' },
          { __typename: 'DecimalNumberChampDescriptor', id: 'Q2hhbXAtMzM=', label: 'Montant' },
        ],
      },
    ],
  },
};
BODIES.preremplirDemarche = {
  champs: { summary: 'Trois champs', value: { ...DC2, champs: CHAMPS } },
  descripteur: {
    summary: 'Le descripteur de la démarche',
    value: {
      ...DC2,
      descripteur: DESCRIPTEUR,
      correspondances: {
        30: '/identite/adresse',
        31: '/fiscal/chiffres_affaires',
        32: '/date_fin_exercice',
        33: '/montant_euros',
      },
    },
  },
};

interface Operation {
  operationId?: string;
  requestBody?: { content?: Record<string, { examples?: unknown }> };
  parameters?: Parameter[];
  responses?: Record<string, { content?: Record<string, { example?: unknown }> }>;
}

/**
 * Gives each parameter the examples of its name, so that Swagger UI offers them, the path's first; and the
 * dossier its worked example.
 */
export function withExamples<D extends { paths?: object | undefined }>(document: D): D {
  const operations = Object.values(document.paths ?? {}).flatMap(
    (path) => Object.values(path) as Operation[],
  );
  for (const { operationId, parameters, requestBody, responses } of operations) {
    const sent = requestBody?.content?.['application/json'];
    if (sent && BODIES[operationId ?? '']) sent.examples = BODIES[operationId ?? ''];
    for (const parameter of parameters ?? []) {
      const examples = EXAMPLES[parameter.name];
      if (examples) parameter.examples = examples;
    }
    parameters?.sort((a, b) => Number(b.in === 'path') - Number(a.in === 'path'));
    const body = responses?.[200]?.content?.['application/json'];
    if (operationId === 'lireDossier' && body && existsSync(EXAMPLE_FILE)) {
      body.example = JSON.parse(readFileSync(EXAMPLE_FILE, 'utf8'));
    }
  }
  return document;
}
