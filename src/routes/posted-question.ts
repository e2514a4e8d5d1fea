import { z } from 'zod';
import type { Rights } from '../access/rights.ts';
import { type Siren, type Siret, sirenOf } from '../dossier/siret.ts';
import { dayIn } from '../dossier/time.ts';
import { USAGES, type Usage } from '../dossier/usage.ts';
import type { Kind } from '../jobs/job.ts';
import { Problem } from '../problems.ts';
import { ETAPES, NATURES } from '../usages/procedure.ts';
import { usages } from '../usages/usages.ts';
import {
  type DossierQuestion,
  freeText,
  oneOf,
  outOfBounds,
  senselessFor,
  siretSchema,
} from './dossier-question.ts';
import { parsed } from './parsed.ts';

/** Beside the company that applies. A consortium has rarely ten members; subcontractors come with them. */
export const MAX_MEMBERS = 30;
/** Of one opening of bids. */
export const MAX_CANDIDATES = 1_000;

const common = {
  object: freeText("L'objet").describe('Numéro de la procédure qui justifie la demande'),
  recipient: siretSchema('Le SIRET du destinataire').describe(
    "SIRET de l'organisme public qui utilisera les données ; jamais celui d'une entreprise",
  ),
  context: freeText('Le contexte')
    .optional()
    .describe("Cadre de la demande ; par défaut, l'usage en toutes lettres"),
  date: z
    .string({ error: 'La date est un texte, AAAA-MM-JJ.' })
    .refine((value) => value.length === 10 && dayIn(value) !== null, {
      error: "La date s'écrit AAAA-MM-JJ et existe au calendrier.",
    })
    .optional()
    .describe('Jour auquel les exigences sont examinées : par défaut, celui de la lecture'),
};
const ofMarket = {
  etape: oneOf(ETAPES, "L'étape").optional().describe('Étape de la procédure ; par défaut, `attribution`'),
  nature: oneOf(NATURES, 'La nature').optional().describe('Nature du marché'),
};
/** What Swagger UI offers: the body of the demonstration, and companies of the mocked administrations. */
const EXAMPLE = { object: 'DEMO-2026-001', recipient: '13002526500013' };
const NOT_AN_OBJECT = 'Envoyez un objet JSON.';

function membersSchema<const R extends readonly [string, ...string[]]>(roles: R) {
  return z
    .array(z.strictObject({ siret: siretSchema('Le SIRET du membre'), role: oneOf(roles, 'Le rôle') }), {
      error: 'Les membres sont une liste.',
    })
    .max(MAX_MEMBERS, { error: `Les membres sont ${MAX_MEMBERS} au plus.` })
    .default([]);
}

export const candidatureBody = z
  .strictObject(
    {
      siret: siretSchema('Le SIRET').describe('SIRET du candidat, ou du mandataire du groupement'),
      ...common,
      ...ofMarket,
      membres: membersSchema(['cotraitant', 'sous_traitant']).describe('Cotraitants et sous-traitants'),
    },
    { error: NOT_AN_OBJECT },
  )
  .meta({
    examples: [
      { siret: '00001140300029', ...EXAMPLE, membres: [{ siret: '00002231900016', role: 'cotraitant' }] },
    ],
  });

export const demandeBody = z
  .strictObject(
    {
      siret: siretSchema('Le SIRET').describe('SIRET du demandeur'),
      ...common,
      membres: membersSchema(['partenaire', 'sous_traitant']).describe(
        'Partenaires et sous-traitants du projet',
      ),
    },
    { error: NOT_AN_OBJECT },
  )
  .meta({ examples: [{ siret: '00001140300029', ...EXAMPLE }] });

export const ouvertureBody = z
  .strictObject(
    {
      candidats: z
        .array(siretSchema('Le SIRET du candidat'), { error: 'Les candidats sont une liste de SIRET.' })
        .min(1, { error: 'Donnez au moins un candidat.' })
        .max(MAX_CANDIDATES, {
          error: `Les candidats sont ${MAX_CANDIDATES} au plus : faites plusieurs ouvertures.`,
        })
        .describe('SIRET de chaque entreprise qui a remis un pli'),
      ...common,
      ...ofMarket,
    },
    { error: NOT_AN_OBJECT },
  )
  .meta({
    examples: [{ candidats: ['00001140300029', '00002231900016', '00004418000016'], ...EXAMPLE }],
  });

const followedSchema = z.object({
  usage: z.enum(USAGES),
  object: z.string(),
  recipient: z.string(),
  context: z.string(),
  etape: z.enum(ETAPES).nullable(),
  nature: z.enum(NATURES).nullable(),
  date: z.string().nullable(),
  membres: z.array(z.object({ siret: z.string(), role: z.string() })),
});
/** What was posted, as it is stored. */
export type Followed = z.infer<typeof followedSchema>;
export type Member = Followed['membres'][number];

export function followedIn(text: string): Followed {
  return followedSchema.parse(JSON.parse(text));
}

/** Which usage a job is for: that of the habilitation, where several are possible. */
export function usageOf(kind: Kind, granted: Usage | null): Usage {
  return kind === 'demande' && granted === 'subvention_association'
    ? granted
    : kind === 'demande'
      ? 'aide_publique'
      : 'marche_public';
}

/** @throws Problem naming every value that is missing or bad */
export function followedOf(kind: Kind, usage: Usage, body: unknown, nowMs: number): Followed {
  const given = postedIn(kind, body);
  const { object, recipient, context, date, etape, nature, membres } = given;
  const errors = [
    ...senselessFor(usages[usage], given),
    ...outOfBounds(date, nowMs),
    ...(membres.some(({ siret }) => sirenOf(siret as Siret) === sirenOf(recipient as Siret))
      ? [{ parameter: 'recipient', detail: 'Le destinataire ne peut pas être une des entreprises.' }]
      : []),
  ].map(({ parameter, detail }) => ({ pointer: `/${parameter}`, detail }));
  errors.push(...repeatedIn(kind, membres));
  if (errors.length > 0)
    throw new Problem('parametres-invalides', { detail: 'Corrigez ce que « errors » nomme.', errors });
  return {
    usage,
    object,
    recipient,
    context: context ?? usages[usage].libelle,
    etape: etape ?? usages[usage].defaultEtape,
    nature: nature ?? null,
    date: date ?? null,
    membres,
  };
}

function postedIn(kind: Kind, body: unknown) {
  if (kind === 'ouverture') {
    const { candidats, ...rest } = parsed(ouvertureBody, body, 'pointer');
    return { ...rest, membres: candidats.map((siret): Member => ({ siret, role: 'candidat' })) };
  }
  const isAid = kind === 'demande';
  const { siret, membres, ...rest } = isAid
    ? { ...parsed(demandeBody, body, 'pointer'), etape: undefined, nature: undefined }
    : parsed(candidatureBody, body, 'pointer');
  const first: Member = {
    siret,
    role: isAid ? 'demandeur' : membres.some(isJoint) ? 'mandataire' : 'candidat',
  };
  return { ...rest, membres: [first, ...membres] };
}

const isJoint = ({ role }: Member) => role === 'cotraitant';

function repeatedIn(kind: Kind, membres: readonly Member[]) {
  const seen = new Set<string>();
  const detail = 'Ce SIRET est déjà donné : chaque entreprise ne l’est qu’une fois.';
  return membres.flatMap(({ siret }, i) => {
    const isRepeated = seen.has(siret);
    seen.add(siret);
    const pointer = kind === 'ouverture' ? `/candidats/${i}` : `/membres/${i - 1}/siret`;
    return isRepeated ? [{ pointer, detail }] : [];
  });
}

/** The question that the dossier of one member answers. */
export function questionOf(
  followed: Followed,
  siret: string,
  rights: Rights,
  waitMs: number,
): DossierQuestion {
  const { usage, object, recipient, context, etape, nature, date } = followed;
  return {
    siret: siret as Siret,
    siren: sirenOf(siret as Siret) as Siren,
    usage: usages[usage],
    procedure: { etape, nature },
    date,
    tracing: { object, recipient, context },
    waitMs,
    refresh: false,
    rights,
  };
}
