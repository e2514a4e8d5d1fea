import { isIP } from 'node:net';
import { z } from 'zod';
import { isSiret } from '../dossier/siret.ts';
import { USAGES } from '../dossier/usage.ts';
import { catalog } from '../sources/catalog.ts';
import { QUOTAS, type Quota } from '../sources/source.ts';

/**
 * Who reads: an agent of the body, anybody who fills in a public form of the body (open data only), or the
 * company itself (who asked about it, and no dossier).
 */
export const AUDIENCES = ['agent', 'public', 'entreprise'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Sources whose calls API Entreprise counts together. */
export const FAMILLES = Object.keys(QUOTAS) as [Quota, ...Quota[]];
const SOURCES = catalog.map(({ id }) => id) as [string, ...string[]];

const siret = z.string().refine(isSiret, 'un SIRET : 14 chiffres, clé de contrôle juste');
const name = z.string().trim().min(1, 'un nom').max(200, '200 caractères au plus');
const perMinute = z.int('un nombre entier').min(1, 'au moins 1').max(10_000_000, '10 000 000 au plus');

/** What a public body was granted: who may ask, for which single usage, which sources, from where, until when. */
export const habilitationSchema = z
  .object({
    id: z.string().regex(/^[\w-]{1,64}$/),
    organisme: z.object({ siret, nom: name }),
    /** The software editor that asks for the body, and the other bodies that it declared. */
    editeur: z.object({ nom: name, clients: z.array(siret).max(10_000) }).nullable(),
    /** Null for a company alone. */
    usage: z.enum(USAGES, `un de : ${USAGES.join(', ')}`).nullable(),
    base_legale: z.string().trim().min(1, 'le texte qui fonde la demande').max(500, '500 caractères au plus'),
    sources: z.array(z.enum(SOURCES, 'des sources du catalogue (voir docs/sources.md)')),
    audience: z.enum(AUDIENCES, `un de : ${AUDIENCES.join(', ')}`),
    /** Networks it may be used from; any when there is none. */
    reseaux: z.array(z.string().refine(isNetwork, 'un réseau, comme 192.0.2.0/24 ou 2001:db8::/32')).max(100),
    debit: z.object({
      par_minute: perMinute,
      /** Dossiers a minute that ask sources of a family anew. */
      familles: z.partialRecord(z.enum(FAMILLES, `des familles parmi : ${FAMILLES.join(', ')}`), perMinute),
    }),
    expire_le: z.iso.datetime('un instant, comme 2027-12-31T22:59:59Z'),
    contact: z.email('une adresse électronique'),
    /** Good for trying only: from this machine, and as long as the administrations are mocked. */
    demonstration: z.boolean(),
  })
  .superRefine(({ usage, audience }, context) => {
    const isCompany = audience === 'entreprise';
    if (isCompany === (usage === null)) return;
    const message = isCompany ? "aucun : l'entreprise lit ses consultations" : 'un usage, et un seul';
    context.addIssue({ code: 'custom', path: ['usage'], message });
  });
export type Habilitation = Readonly<z.infer<typeof habilitationSchema>>;

function isNetwork(text: string): boolean {
  const [address = '', prefix = '', more] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 &&
    more === undefined &&
    /^\d{1,3}$/.test(prefix) &&
    Number(prefix) <= BITS[family === 4 ? 4 : 6]
  );
}

const BITS = { 4: 32, 6: 128 };
