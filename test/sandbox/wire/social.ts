import { z } from 'zod';
import { collection, day, dayOrNull, documentLink, single, siren, siret, text, year } from './envelope.ts';

const document = (lifeSeconds: number) =>
  single(z.strictObject({ document_url: documentLink, expires_in: z.literal(lifeSeconds) }));

const regime = z.enum(['regime_general', 'regime_agricole']);
const natureOf = (period: string) =>
  z.enum(['moyen', 'boeth', 'ecap', 'assujettissement_oeth'].map((nature) => `effectif_${nature}_${period}`));
const measure = { regime, value: z.number().nullable(), date_derniere_mise_a_jour: dayOrNull };

const status = (code: string) => z.strictObject({ code: z.literal(code), libelle: text, description: text });

const delivered = z.strictObject({
  document_url: documentLink,
  document_url_expires_in: z.literal(86_400),
  date_debut_validite: dayOrNull,
  date_fin_validite: dayOrNull,
  code_securite: z.string().length(15).nullable(),
  entity_status: status('ok'),
});
const refused = z.strictObject({
  document_url: z.null(),
  document_url_expires_in: z.null(),
  date_debut_validite: z.null(),
  date_fin_validite: z.null(),
  code_securite: z.null(),
  entity_status: status('refus_de_delivrance'),
});

const agreement = z.strictObject({
  type: z.literal('convention_collective'),
  numero_idcc: z.number(),
  titre: text,
  titre_court: text,
  active: z.boolean(),
  etat: z.enum(['vigueur', 'vigueur_etendue']),
  synonymes: z.array(text),
  url: z.url(),
  date_publication: day.nullable(),
});

export const socialSchemas = {
  urssaf_attestation_vigilance: single(z.union([delivered, refused])),
  msa_conformite_cotisations: single(
    z.strictObject({ status: z.enum(['up_to_date', 'outdated', 'under_investigation']) }),
  ),
  probtp_conformite_cotisations_retraite: single(z.strictObject({ eligible: z.boolean() })),
  probtp_attestation_cotisations_retraite: document(86_400),
  cibtp_attestation_conges_payes: document(600),
  cnetp_attestation_conges_payes: document(86_400),
  gip_mds_effectifs_annuels: single(
    z.strictObject({
      siren,
      annee: year,
      effectifs_annuel: z.array(z.strictObject({ ...measure, nature: natureOf('annuel') })).min(1),
    }),
  ),
  gip_mds_effectifs_mensuels: single(
    z.strictObject({
      siret,
      effectifs_mensuels: z
        .array(
          z.strictObject({
            ...measure,
            annee: year,
            mois: z.string().regex(/^(0[1-9]|1[0-2])$/),
            nature: natureOf('mensuel'),
          }),
        )
        .min(1),
    }),
  ),
  conventions_collectives: collection(agreement, z.strictObject({}), z.strictObject({ internal_id: text })),
};
