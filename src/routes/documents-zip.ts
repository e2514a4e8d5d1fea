import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Archive, type DocumentKey, ownerOf } from '../documents/archive.ts';
import { StoreAway } from '../documents/files.ts';
import type { Piece } from '../dossier/piece.ts';
import type { Rendition } from '../keeping/rendition.ts';
import { isOfMother } from '../usages/wanted.ts';
import type { Admission } from './admission.ts';
import type { AllowDossier } from './allow-dossier.ts';
import { attachment, fileNameOf } from './document-file.ts';
import {
  agentHeader,
  type DossierQuestion,
  dossierParams,
  dossierQuery,
  dossierQuestionOf,
} from './dossier-question.ts';
import { dossierRefusals } from './dossier-refusals.ts';
import { dossierIn, type ReadDossier } from './read-dossier.ts';
import type { CountSending } from './sending-limit.ts';
import type { TellAccess } from './tell-access.ts';
import { askedIn } from './told.ts';
import { type ZipEntry, zipOf } from './zip.ts';

export const ZIP_ROUTE = '/v1/dossiers/:siret/documents.zip';
const ZIP_TYPE = 'application/zip';
const GONE = 'que la passerelle ne conserve plus ; demandez le dossier avec Cache-Control: no-cache';
const AWAY = 'dont le stockage ne répond pas ; demandez cette archive à nouveau dans quelques instants';

export interface DocumentsZipOptions extends Pick<AllowDossier, 'allow'> {
  archive: Pick<Archive, 'has' | 'read'>;
  access: Admission;
  read: ReadDossier;
  tell: TellAccess;
  countSending: CountSending;
  now: () => number;
}

/** `GET /v1/dossiers/{siret}/documents.zip`: the dossier, and the documents that its pieces name. */
export function documentsZipRoute(app: FastifyInstance, options: DocumentsZipOptions): void {
  const { archive, access, allow, read, tell, countSending, now } = options;
  const config = { access: { audiences: ['agent'] as const } };

  app.get(ZIP_ROUTE, { config, schema: documentation }, async (request, reply) => {
    const { holder } = access.admittedOf(request);
    const asked = dossierQuestionOf(request, { nowMs: now(), rights: holder.rights });
    countSending(reply, holder);
    const question = await allow(request, reply, asked);
    const { rendition, told } = await read(request, reply, question);
    const entries = await entriesOf(question, rendition, () => requireReader(request, question));
    await tell(request, askedIn(question), told);
    return reply
      .headers({
        vary: 'authorization',
        'cache-control': 'private, no-store',
        'content-disposition': attachment(`Dossier ${question.siret}.zip`),
      })
      .type(ZIP_TYPE)
      .send(zipOf(entries));
  });

  /**
   * An archive takes minutes to be sent: whoever may no longer read gets no further document of it.
   *
   * @throws the reader then sees that the archive is not whole
   */
  async function requireReader(request: FastifyRequest, question: DossierQuestion): Promise<void> {
    if (request.raw.socket.destroyed) throw new Error('the reader of an archive is gone');
    await access.requireStanding(request, askedIn(question));
  }

  async function entriesOf(
    { siren, usage }: DossierQuestion,
    rendition: Rendition,
    requireReader: () => Promise<void>,
  ): Promise<ZipEntry[]> {
    const { data, meta } = dossierIn(rendition);
    const atMs = Date.parse(meta.constitue_le ?? '') || now();
    const documents: ZipEntry[] = [];
    const lost: Record<string, string[]> = { [GONE]: [], [AWAY]: [] };
    for (const piece of Object.values(data.pieces)) {
      if (!piece.document) continue;
      const { source, document } = piece;
      const key = {
        siren: ownerOf(siren, isOfMother(source) ? rendition.mere : null),
        source,
        sha256: document.sha256,
      };
      const name = fileNameOf(piece, siren);
      const loss = await lossOf(key, usage.id);
      const readIt = () => requireReader().then(() => readDocument(key, usage.id));
      if (loss === null) documents.push(documentEntry(piece, name, readIt));
      else lost[loss]?.push(name);
    }
    return [
      { name: 'dossier.json', atMs, isCompressed: true, read: async () => rendition.identity },
      ...documents,
      ...lostEntries(lost, atMs),
    ];
  }

  /** Why a document is not in the archive; null when it is. */
  async function lossOf(key: DocumentKey, usage: DossierQuestion['usage']['id']): Promise<string | null> {
    try {
      return (await archive.has(key, usage)) ? null : GONE;
    } catch (error) {
      if (error instanceof StoreAway) return AWAY;
      throw error;
    }
  }

  /** @throws when it is gone since it was looked for: the reader then sees that the archive is not whole */
  async function readDocument(key: DocumentKey, usage: DossierQuestion['usage']['id']): Promise<Buffer> {
    const document = await archive.read(key, usage);
    if (!document) throw new Error('a document is gone, or is not what was kept');
    return document;
  }
}

function documentEntry(piece: Piece, name: string, read: ZipEntry['read']): ZipEntry {
  return { name: `documents/${name}`, atMs: Date.parse(piece.obtenu_le ?? ''), isCompressed: false, read };
}

function lostEntries(lost: Readonly<Record<string, string[]>>, atMs: number): ZipEntry[] {
  const told = Object.entries(lost).filter(([, names]) => names.length > 0);
  const text = told.map(
    ([loss, names]) => `Documents nommés par le dossier ${loss} :\n\n${names.join('\n')}\n`,
  );
  if (text.length === 0) return [];
  return [
    {
      name: 'documents-manquants.txt',
      atMs,
      isCompressed: true,
      read: async () => Buffer.from(text.join('\n')),
    },
  ];
}

const documentation = {
  operationId: 'lireDocuments',
  tags: ['Documents'],
  summary: "Le dossier d'une entreprise et tous ses documents",
  description:
    "Une archive ZIP : `dossier.json`, tel que `GET /v1/dossiers/{siret}` le rend, et dans `documents/` le document de chaque pièce qui en a un. Les sources sont interrogées comme pour le dossier. L'archive est écrite au fil de l'eau.",
  params: dossierParams,
  querystring: dossierQuery,
  headers: z.object({
    ...agentHeader,
    prefer: z.string().optional().describe('`wait=N` : attente en secondes, de 0 à 30'),
    'cache-control': z.string().optional().describe('`no-cache` : interroge à nouveau les sources'),
  }),
  response: {
    200: {
      description: "L'archive",
      content: { [ZIP_TYPE]: { schema: z.string().meta({ format: 'binary' }) } },
    },
    ...dossierRefusals,
  },
};
