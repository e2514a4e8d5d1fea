import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { withExamples } from './openapi-examples.ts';
import { securityHeaders } from './security-headers.ts';

const INTRODUCTION = `Une entreprise donne son SIRET, une seule fois ; les administrations s'échangent le reste.

La passerelle interroge en parallèle une trentaine de sources (Insee, Infogreffe, INPI, DGFiP, Urssaf, MSA, ProBTP…) et rend **un dossier** : une identité, des valeurs fiscales et sociales, une pièce par source, ce qui peut être conclu et ce qui reste à demander.

Ce qui manque n'accuse jamais : « non trouvé » ne veut pas dire « non conforme ».`;

/** Describes every route declared after it; serves `/openapi.json` and Swagger UI at `/docs`. */
export async function openapi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dites-le-nous une fois',
        version: '0.1.0',
        description: INTRODUCTION,
        license: LICENSE,
      },
      servers: [{ url: '/', description: 'Cette passerelle' }],
      tags: [
        { name: 'Dossiers', description: "Le dossier unifié d'une entreprise" },
        { name: 'Sources', description: 'Les administrations interrogées' },
        { name: 'Exploitation', description: 'Vie et mesures de la passerelle' },
      ],
      components: { securitySchemes: { jeton: { type: 'http', scheme: 'bearer' } } },
      security: [{ jeton: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      withExamples(withoutTwins(jsonSchemaTransformObject(document) as OpenapiDocument)) as never,
  });
  app.get('/openapi.json', { schema: { hide: true } as object }, async (_request, reply) => {
    reply.type('application/json; charset=utf-8');
    return JSON.stringify(app.swagger());
  });
  await app.register(async (pages) => {
    securityHeaders(pages, POLICY);
    await pages.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: UI,
      theme: THEME,
    });
  });
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
