import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

export interface ListingPage {
  objects: { key: string; changedMs: number }[];
  /** What asks for the next page; null after the last. */
  next: string | null;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  processEntities: true,
  isArray: (name) => name === 'Contents',
});

const objectSchema = z.object({
  Key: z.string(),
  LastModified: z.string().transform(Date.parse).pipe(z.number()),
});
const pageSchema = z.object({
  ListBucketResult: z.object({
    IsTruncated: z.enum(['true', 'false']),
    NextContinuationToken: z.string().optional(),
    Contents: z.array(objectSchema).default([]),
  }),
});

/**
 * Reads a page of ListObjectsV2.
 * @throws when it is none, or when more is to come and nothing says how to ask for it
 */
export function readListing(xml: string): ListingPage {
  if (xml.includes('<!')) throw new Error('a listing declares nothing');
  const { ListBucketResult: page } = pageSchema.parse(parser.parse(xml));
  const next = page.IsTruncated === 'true' ? page.NextContinuationToken : null;
  if (next === undefined) throw new Error('a listing stops before its end');
  return {
    objects: page.Contents.map(({ Key: key, LastModified: changedMs }) => ({ key, changedMs })),
    next,
  };
}
