import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refusalOfDossier } from '../access/gate.ts';
import type { Witness } from '../access/witness.ts';
import { type Archive, ownerOf } from '../documents/archive.ts';
import { DOCUMENT_TYPE } from '../dossier/piece.ts';
import { isSiren, type Siret, sirenOf } from '../dossier/siret.ts';
import { Problem, problemResponse } from '../problems.ts';
import { catalog } from '../sources/catalog.ts';
import { usages } from '../usages/usages.ts';
import type { Admission } from './admission.ts';
import { attachment, fileNameOf } from './document-file.ts';
import { agentHeader, dossierParams, dossierQuery } from './dossier-question.ts';
import { dossierRefusals } from './dossier-refusals.ts';
import { UNRECORDED } from './health.ts';
import { parsed } from './parsed.ts';
import { matches } from './send-rendition.ts';
import type { CountSending } from './sending-limit.ts';
import { createTellAccess } from './tell-access.ts';
import { unlessAway } from './unless-away.ts';

export const DOCUMENT_ROUTE = '/v1/dossiers/:siret/documents/:source/:sha256';

export interface DocumentsOptions {
  archive: Pick<Archive, 'read'>;
  access: Admission;
  witness: Witness;
  isRecording(): boolean;
  countSending: CountSending;
}

const documented = catalog.filter(({ document }) => document !== null);
const sources = documented.map(({ id }) => id) as [string, ...string[]];

const params = dossierParams.extend({
  source: z
    .enum(sources, {
      error: `La source est l'une de celles qui donnent un document : ${sources.join(', ')}.`,
    })
    .describe('Source de la pièce'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: "L'empreinte compte 64 chiffres hexadécimaux, en minuscules." })
    .describe('SHA-256 du document, tel que la pièce le donne'),
});
const query = z.object({
  usage: dossierQuery.shape.usage,
  object: dossierQuery.shape.object.optional().describe('Numéro de la procédure ; inscrit au journal'),
  recipient: dossierQuery.shape.recipient
    .optional()
    .describe("SIRET de l'organisme public qui utilisera le document ; par défaut, l'organisme habilité"),
  context: dossierQuery.shape.context,
  mere: z
    .string()
    .refine(isSiren, { error: 'La société mère est donnée par son SIREN.' })
    .optional()
    .describe(
      'SIREN de la société mère, pour une pièce qui est la sienne : l’adresse que la pièce donne le porte',
    ),
});
const question = z.object({ ...params.shape, ...query.shape });

const UNCOVERED = "L'habilitation ne couvre pas cette source : demandez qu'elle y soit ajoutée.";
const UNKNOWN =
  "Aucun document conservé ne porte cette empreinte pour cette entreprise, cette source et cet usage : demandez le dossier, s'il le faut avec Cache-Control: no-cache.";

/** `GET /v1/dossiers/{siret}/documents/{source}/{sha256}`: the document of a piece, to who may read the piece. */
export function documentsRoute(app: FastifyInstance, options: DocumentsOptions): void {
  const { archive, access, witness, isRecording, countSending } = options;
  const tell = createTellAccess(access, witness);
  const config = { access: { audiences: ['agent'] as const } };

  app.get(DOCUMENT_ROUTE, { config, schema: documentation }, async (request, reply) => {
    const { holder } = access.admittedOf(request);
    const given = parsed(
      question,
      { ...(request.query as object), ...(request.params as object) },
      'parameter',
    );
    const { source, sha256, usage, object = null, mere = null } = given;
    const { recipient = holder.habilitation.organisme.siret, context = usages[usage].libelle } = given;
    const siret = given.siret as Siret;
    const asked = { siret, usage, recipient, object, context };
    const isCovered = holder.rights.sources.has(source);
    const refusal =
      refusalOfDossier(holder, asked) ??
      (isCovered ? null : { reason: 'source' as const, detail: UNCOVERED });
    if (refusal) throw await access.refuse(request, reply, refusal, { holder, asked });
    if (!isRecording()) throw new Problem('passerelle-indisponible', { detail: UNRECORDED });
    countSending(reply, holder);
    const siren = sirenOf(siret);
    const document = await unlessAway(
      archive.read({ siren: ownerOf(siren, mere), source, sha256 }, usage),
      request.log,
    );
    if (!document) {
      await tell(request, asked, { status: 404 });
      throw new Problem('document-inconnu', { detail: UNKNOWN });
    }
    const etag = `"${Buffer.from(sha256, 'hex').toString('base64url')}"`;
    await tell(request, asked, { status: 200, kept: [source], mere, digest: etag });
    reply.headers({ etag, vary: 'authorization', 'cache-control': 'private, no-cache' });
    if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
    const described = documented.find(({ id }) => id === source) as (typeof documented)[0];
    return reply
      .headers({
        'content-disposition': attachment(fileNameOf(described, siren)),
        'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      })
      .type(DOCUMENT_TYPE)
      .send(document);
  });
}

const documentation = {
  operationId: 'lireDocument',
  tags: ['Documents'],
  summary: "Le document d'une pièce",
  description:
    "Le PDF que la source a délivré, octet pour octet, tel que la passerelle l'a récupéré et conservé. Son adresse est dans la pièce (`document.href`) ; elle reste la même tant que le document est conservé, et ne sert qu'à qui peut lire la pièce pour cet usage. Chaque lecture est inscrite au journal.",
  params,
  querystring: query,
  headers: z.object({
    ...agentHeader,
    'if-none-match': z.string().optional().describe('`ETag` déjà connu : 304'),
  }),
  response: {
    200: {
      description: 'Le document, avec son empreinte SHA-256 dans `Repr-Digest` (RFC 9530)',
      content: { [DOCUMENT_TYPE]: { schema: z.string().meta({ format: 'binary' }) } },
    },
    304: z.null().describe('Le document est celui qui est déjà connu'),
    ...dossierRefusals,
    404: problemResponse("Ce document n'est pas conservé"),
  },
};
