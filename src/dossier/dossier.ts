import { z } from 'zod';
import { alerteSchema } from './alerte.ts';
import { pieceSchema } from './piece.ts';
import { sectionsSchema } from './unified.ts';
import { USAGES } from './usage.ts';

export const constatSchema = z
  .object({
    exigence: z.string(),
    conclusion: z.enum(['etablie', 'contredite', 'impossible_a_conclure', 'sans_objet']),
    motif: z.string(),
    base_legale: z.string(),
    pieces: z.array(z.string()),
  })
  .meta({ id: 'Constat' });
export type Constat = z.infer<typeof constatSchema>;

export const aDemanderSchema = z
  .object({ piece: z.string(), motif: z.string(), recours: z.string(), base_legale: z.string() })
  .meta({ id: 'ADemander' });
export type ADemander = z.infer<typeof aDemanderSchema>;

/** The body of a dossier, around the pieces of a catalogue. */
export function dossierSchema<P extends z.ZodType>(pieces: P) {
  return z.object({
    data: z.object({
      siret: z.string(),
      siren: z.string(),
      usage: z.enum(USAGES),
      completude: z.object({
        statut: z.enum(['complet', 'partiel']),
        en_attente: z.array(z.string()).describe("Sources qui n'ont pas encore donné de réponse"),
        prochain_essai_le: z.iso.datetime().nullable(),
      }),
      ...sectionsSchema.shape,
      pieces,
      constats: z.array(constatSchema),
      a_demander: z
        .array(aDemanderSchema)
        .describe(
          "Ce qui reste à demander pour les exigences qui n'ont pas pu être conclues ; ce que la loi fait toujours déclarer à l'entreprise et que nul ne détient, comme la déclaration sur l'honneur du CCP R2143-3, n'y figure jamais et se demande en plus",
        ),
      alertes: z.array(alerteSchema),
    }),
    meta: z.object({
      constitue_le: z.iso.datetime().nullable().describe('Instant de la réponse la plus récente utilisée'),
      provenance: z
        .record(z.string(), z.string())
        .describe("Pointeur JSON d'une valeur unifiée → pièce d'où elle vient"),
    }),
    links: z.object({ self: z.string() }),
  });
}

const anyPieces = z.record(z.string(), pieceSchema(z.unknown()));
export type Dossier = z.infer<ReturnType<typeof dossierSchema<typeof anyPieces>>>;
