import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { withExamples } from './openapi-examples.ts';
import { securityHeaders } from './security-headers.ts';

const INTRODUCTION = `Une entreprise donne son SIRET, une seule fois ; les administrations s'échangent le reste.

La passerelle interroge en parallèle une trentaine de sources (Insee, Infogreffe, INPI, DGFiP, Urssaf, MSA, ProBTP…) et rend **un dossier** : une identité, des valeurs fiscales et sociales, une pièce par source, ce qui peut être conclu et ce qui reste à demander.

Ce qui manque n'accuse jamais : « non trouvé » ne veut pas dire « non conforme ».`;

/**
 * Describes every route declared after it; serves `/openapi.json` and Swagger UI at `/docs`.
 *
 * @param jetons what Swagger UI sends for each usage, where there is something to try
 */
export async function openapi(app: FastifyInstance, jetons: Readonly<Record<string, string>>): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dites-le-nous une fois',
        version: '0.3.0',
        description: INTRODUCTION,
        license: LICENSE,
      },
      servers: [{ url: '/', description: 'Cette passerelle' }],
      tags: [
        { name: 'Dossiers', description: "Le dossier unifié d'une entreprise" },
        {
          name: 'Candidatures',
          description: 'Candidater, demander une aide, ouvrir des plis, avec un SIRET',
        },
        { name: 'Documents', description: 'Les documents que les sources ont délivrés' },
        { name: 'Formulaires', description: 'Des formulaires déjà remplis, et ce qui reste à demander' },
        {
          name: 'Consultations',
          description: 'Qui a consulté les données de qui, et ce qui en est contesté',
        },
        { name: 'Jetons', description: "De quoi s'identifier" },
        { name: 'Sources', description: 'Les administrations interrogées' },
        { name: 'Exploitation', description: 'Vie et mesures de la passerelle' },
      ],
      components: { securitySchemes: { jeton: BEARER } },
      security: [{ jeton: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      withExamples(withoutTwins(jsonSchemaTransformObject(document) as OpenapiDocument)) as never,
  });
  app.get(
    '/openapi.json',
    { config: { access: 'open', parameters: 'ignored' }, schema: { hide: true } as object },
    async (_request, reply) => {
      reply.type('application/json; charset=utf-8');
      return JSON.stringify(app.swagger());
    },
  );
  await app.register(async (pages) => {
    securityHeaders(pages, POLICY);
    pages.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'open', parameters: 'ignored' };
    });
    await pages.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { ...UI, ...(Object.keys(jetons).length > 0 && { jetons, requestInterceptor }) } as object,
      theme: THEME,
    });
  });
}

const BEARER = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    "Jeton de l'habilitation : délivré par l'exploitant, ou par POST /oauth/token. Sur des administrations simulées, Swagger UI envoie de lui-même le jeton de démonstration de l'usage choisi.",
} as const;

/** What Swagger UI is given beside its own settings: its script is written around this function. */
declare const config: { jetons: Record<string, string> };

/** Runs in the browser: sends the demonstration's token of the usage, unless the reader gave one of his own. */
function requestInterceptor(request: { url: string; headers: Record<string, string>; body?: unknown }) {
  const inBody = /"usage"\s*:\s*"(\w+)"/.exec(String(request.body ?? ''))?.[1];
  const { pathname, searchParams } = new URL(request.url);
  const ofPath = /^\/v1\/(candidatures|ouvertures|demandes)\b/.exec(pathname)?.[1];
  const implied = ofPath && (ofPath === 'demandes' ? 'aide_publique' : 'marche_public');
  const usage = searchParams.get('usage') ?? implied ?? inBody;
  const jeton = usage && config.jetons[usage];
  if (jeton && !request.headers.Authorization) request.headers.Authorization = `Bearer ${jeton}`;
  return request;
}

const LICENSE = { name: 'EUPL-1.2', url: 'https://interoperable-europe.ec.europa.eu/collection/eupl' };

/** Swagger UI runs its own script and style, shows inline images, and calls the gateway that serves it. */
const POLICY = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
};

const UI = {
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
};

/** Nothing but this gateway's own document is read here: the bar that asks for another is hidden. */
const THEME = {
  title: 'Dites-le-nous une fois',
  css: [{ filename: 'passerelle.css', content: '.swagger-ui .topbar { display: none }' }],
};

interface OpenapiDocument {
  paths?: object | undefined;
  components?: { schemas?: Record<string, unknown> };
}

/**
 * The transform writes each named schema twice, as input and as output, in the order modules were loaded: no
 * route takes one as input, and the document must be the same whoever writes it.
 */
function withoutTwins(document: OpenapiDocument): OpenapiDocument {
  const schemas = Object.entries(document.components?.schemas ?? {});
  const names = new Set(schemas.map(([name]) => name));
  const single = schemas.filter(
    ([name]) => !(name.endsWith('Input') && names.has(name.slice(0, -'Input'.length))),
  );
  const sorted = single.sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(sorted) } };
}
