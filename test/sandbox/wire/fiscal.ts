import { z } from 'zod';
import { collection, day, documentLink, single, siren, text, textOrNull, year } from './envelope.ts';

const numberOrNull = z.number().nullable();

const codedValues = {
  code: text.optional(),
  code_EDI: text.optional(),
  code_absolu: text.optional(),
  code_type_donnee: text.optional(),
  intitule: text.optional(),
  code_nref: z.string().regex(/^\d{6}$/),
  valeurs: z.array(textOrNull).min(1),
};

const returns = z.strictObject({
  obligations_fiscales: z.array(
    z.strictObject({
      id: text,
      code: z.enum(['IS', 'BIC', 'IS GROUPE', 'BA', 'BNC']),
      libelle: text,
      reference: z.string().regex(/^(IS|ISGROUPE|BA|BNC|BIC)[123]$/),
      regime: text,
    }),
  ),
  declarations: z.array(
    z.strictObject({
      numero_imprime: text,
      regime: z.strictObject({
        code: z.enum(['RN', 'RS', 'RSI', 'RNMEMBRE', 'RNGROUPE', 'DECC']),
        libelle: text,
      }),
      date_declaration: day,
      date_fin_exercice: day,
      duree_exercice: z.int(),
      millesime: z.string().regex(/^\d{6}$/),
      donnees: z.array(z.strictObject(codedValues)),
    }),
  ),
});

const address = z.strictObject({
  numero: textOrNull,
  voie: textOrNull,
  lieu_dit_hameau: textOrNull,
  code_postal: textOrNull,
  ville: textOrNull,
  pays: textOrNull,
});
const shares = z.strictObject({ total_actions: numberOrNull, nombre: numberOrNull });

const capital = z.strictObject({
  actionnaires: z.array(
    z.strictObject({
      type: z.enum(['personne_morale', 'personne_physique']),
      pourcentage: numberOrNull,
      nombre_parts: numberOrNull,
      personne_physique_attributes: z.strictObject({
        civilite: textOrNull,
        nom_patronymique_et_prenoms: textOrNull,
        nom_marital: textOrNull,
        date_naissance: z.strictObject({ annee: textOrNull, mois: textOrNull }),
      }),
      personne_morale_attributes: z.strictObject({
        siren: textOrNull,
        denomination: textOrNull,
        complement_denomination: textOrNull,
        forme_juridique: textOrNull,
      }),
      adresse: address,
    }),
  ),
  repartition: z.strictObject({ personnes_physiques: shares, personnes_morales: shares }),
  depose_neant: z.boolean().nullable(),
});

const holdings = z.strictObject({
  filiales: z.array(
    z.strictObject({
      siren,
      denomination: text,
      complement_denomination: textOrNull,
      forme_juridique: text,
      pourcentage_detention: z.number(),
      adresse: address,
    }),
  ),
  nombre_filiales: z.number(),
  depose_neant: z.boolean(),
});

const euros = z.strictObject({
  valeur: z.union([z.string().regex(/^-?\d+$/), z.literal(0)]),
  evolution: numberOrNull,
});

const balanceSheet = z.strictObject({
  annee: year,
  date_arrete_exercice: z.string().regex(/^\d{4}-\d{2}$/),
  declarations: z.array(
    z.strictObject({
      numero_imprime: z.enum(['2051', '2052', '2053', '2057']),
      donnees: z.array(z.strictObject({ ...codedValues, evolution: numberOrNull })),
    }),
  ),
  valeurs_calculees: z
    .array(
      z.strictObject({
        disponibilites: euros,
        total_dettes_stables: euros,
        valeur_ajoutee_bdf: euros,
        besoin_en_fonds_de_roulement: euros,
        excedent_brut_exploitation: euros,
        capacite_autofinancement: euros,
        fonds_roulement_net_global: euros,
        ratio_fonds_roulement_net_global_sur_besoin_en_fonds_de_roulement: z.strictObject({
          valeur: z.number(),
          evolution: numberOrNull,
        }),
        dettes4_maturite_a_un_an_au_plus: euros,
      }),
    )
    .length(1),
});

const count = z.strictObject({ count: z.int() });

export const fiscalSchemas = {
  dgfip_attestation_fiscale: single(
    z.strictObject({
      document_url: documentLink,
      document_url_expires_in: z.literal(86_400),
      date_delivrance_attestation: day,
      date_periode_analysee: day,
    }),
  ),
  dgfip_chiffres_affaires: collection(
    z.strictObject({ chiffre_affaires: z.number(), date_fin_exercice: day }),
    count,
  ),
  dgfip_liasses_fiscales: single(returns, z.strictObject({ internal_id_itip: text })),
  dgfip_liens_capitalistiques: single(z.strictObject({ capital, participations: holdings })),
  banque_de_france_bilans: collection(balanceSheet, count),
};
