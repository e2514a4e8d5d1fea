import { z } from 'zod';
import type { Alerte } from '../dossier/alerte.ts';
import { adresseSchema, identiteSchema } from '../dossier/identite.ts';
import { singleWithMeta } from './envelope.ts';
import { inseeAddress } from './insee-address.ts';
import {
  activite,
  ceased,
  type Diffusion,
  diffusionWire,
  identiteOf,
  publicUniteLegale,
  restrictedDiffusion,
  trancheEffectif,
  uniteLegaleOf,
  uniteLegaleSchema,
  uniteLegaleWire,
  unixDay,
} from './insee-reading.ts';
import { defineSource } from './source.ts';
import { identifier, identifierOrNull, text } from './wire-values.ts';
import { since } from './wording.ts';

const wire = singleWithMeta(
  z.object({
    siret: identifier(14),
    siege_social: z.boolean(),
    etat_administratif: z.enum(['A', 'F']),
    date_creation: unixDay,
    date_fermeture: unixDay,
    enseigne: text,
    activite_principale: activite,
    activite_principale_naf_rev2: activite,
    tranche_effectif_salarie: trancheEffectif,
    status_diffusion: diffusionWire,
    adresse: inseeAddress,
    unite_legale: uniteLegaleWire,
  }),
  z.object({ date_derniere_mise_a_jour: unixDay, redirect_from_siret: identifierOrNull(14) }).nullish(),
);

const jour = z.iso.date().nullable();
const { activite_principale, activite_principale_naf_rev2, effectif } = identiteSchema.shape;

const donnees = z
  .object({
    siret: z.string(),
    redirige_depuis: z
      .string()
      .nullable()
      .describe("SIRET demandé, quand l'Insee décrit un autre établissement à sa place"),
    siege: z.boolean(),
    etat_administratif: z.enum(['ouvert', 'ferme']),
    date_creation: jour,
    date_fermeture: jour,
    enseigne: z.string().nullable(),
    activite_principale: activite_principale.describe("Activité de l'établissement"),
    activite_principale_naf_rev2: activite_principale_naf_rev2.describe("Activité de l'établissement"),
    effectif: effectif.describe("Tranche d'effectif de l'établissement"),
    diffusion: diffusionWire,
    adresse: adresseSchema.nullable(),
    unite_legale: uniteLegaleSchema,
    mis_a_jour_le: jour,
  })
  .meta({ id: 'DonneesInseeEtablissement' });

/**
 * An establishment and the company it belongs to, as Sirene knows them, restricted data included. When INSEE
 * redirects a SIRET, it describes the head office of another company, and not the establishment asked about:
 * nothing of it then enters the identity.
 */
export const inseeEtablissement = defineSource({ wire, donnees })({
  id: 'insee_etablissement',
  administration: 'Insee',
  libelle: "Données d'un établissement au répertoire Sirene",
  perimetre:
    'Tous les établissements inscrits au Sirene : entreprises, associations et organismes publics ; en Nouvelle-Calédonie, Polynésie française et à Wallis-et-Futuna, secteur public seulement.',
  opening: 'protege',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v4/insee/sirene/etablissements/${siret}`],
  quota: 'json',
  scopes: ['etablissements', 'unites_legales_etablissements_insee'],
  timeoutMs: 7_000,
  // Sirene is renewed between midnight and 3, and the hub keeps an answer for an hour.
  freshness: { untilHour: 4 },
  read: ({ data, meta }, { siret, siren }) => {
    const isAnother = data.siret !== siret;
    // Unannounced, an answer about another company is an error of INSEE; about another establishment, a redirection.
    const redirected = isAnother && (Boolean(meta?.redirect_from_siret) || data.siret.startsWith(siren));
    // An establishment described under another company would lend that company's name to the identity.
    const lent = !data.siret.startsWith(data.unite_legale.siren);
    return {
      statut: 'obtenu',
      about: redirected ? null : lent ? data.unite_legale.siren : data.siret,
      donnees: {
        siret: data.siret,
        redirige_depuis: redirected ? siret : null,
        siege: data.siege_social,
        etat_administratif: data.etat_administratif === 'A' ? 'ouvert' : 'ferme',
        date_creation: data.date_creation,
        date_fermeture: data.date_fermeture,
        enseigne: data.enseigne,
        activite_principale: data.activite_principale,
        activite_principale_naf_rev2: data.activite_principale_naf_rev2,
        effectif: data.tranche_effectif_salarie,
        diffusion: data.status_diffusion,
        adresse: data.adresse,
        unite_legale: uniteLegaleOf(data.unite_legale),
        mis_a_jour_le: meta?.date_derniere_mise_a_jour ?? null,
      },
    };
  },
  explications: {
    obtenu:
      "L'Insee a décrit l'établissement et l'entreprise au répertoire Sirene ; voir les alertes, s'il y en a.",
    non_trouve: "L'Insee ne connaît pas ce SIRET : vérifiez qu'il n'est pas erroné.",
    non_autorise:
      "L'Insee n'a pas pu être consulté : les droits ne le permettent pas, ou la loi interdit la diffusion de cet établissement.",
  },
  publicPart: (d) => {
    const diffusion = strictest(d.diffusion, d.unite_legale.diffusion);
    if (diffusion === 'diffusible') return { diffusion, donnees: d };
    return { diffusion, donnees: diffusion === 'non_diffusible' ? null : masked(d) };
  },
  unify: (d) => {
    if (d.redirige_depuis !== null) return {};
    const company = identiteOf(d.unite_legale);
    return {
      identite: {
        ...company,
        adresse: d.adresse,
        etablissement: {
          siret: d.siret,
          siege: d.siege,
          etat_administratif: d.etat_administratif,
          enseigne: d.enseigne,
          date_creation: d.date_creation,
          date_fermeture: d.date_fermeture,
        },
        siege: d.siege ? { siret: d.siret } : (company.siege ?? null),
        diffusion: strictest(d.diffusion, d.unite_legale.diffusion),
      },
    };
  },
  alertes: (d) => {
    if (d.redirige_depuis !== null) return [redirected(d.redirige_depuis, d.siret)];
    const isActive = d.unite_legale.etat_administratif === 'actif';
    return [
      ...(d.etat_administratif === 'ferme' ? [closed(d.siret, d.date_fermeture, isActive)] : []),
      ...(isActive
        ? []
        : [d.etat_administratif === 'ferme' ? ceased(d.unite_legale.siren, null) : misheld(d)]),
      ...restrictedDiffusion(strictest(d.diffusion, d.unite_legale.diffusion)),
    ];
  },
  alertesByStatut: {
    non_trouve: {
      code: 'siret_inconnu_insee',
      niveau: 'critique',
      message: "L'Insee ne connaît pas ce SIRET : vérifiez qu'il n'est pas erroné.",
    },
    indisponible: incomplete("L'Insee n'a pas répondu"),
    differe: incomplete("L'Insee n'a pas encore répondu"),
    non_autorise: incomplete("L'Insee ne peut pas être consulté pour ce SIRET"),
  },
});

function redirected(asked: string, answered: string): Alerte {
  return {
    code: 'siret_redirige',
    niveau: 'critique',
    message: `L'Insee répond par le SIRET ${answered} à la place du ${asked} : l'établissement demandé n'est pas décrit. Demandez le dossier du ${answered} après avoir vérifié auprès de l'entreprise qu'il la concerne.`,
  };
}

function closed(siret: string, day: string | null, isCompanyActive: boolean): Alerte {
  const company = isCompanyActive
    ? " L'entreprise, elle, est en activité et peut avoir d'autres établissements."
    : '';
  return {
    code: 'etablissement_ferme',
    niveau: 'critique',
    message: `L'établissement ${siret} est fermé${since(day)}.${company}`,
  };
}

/** A company that ceased has no open establishment: Sirene is wrong on one of them. */
function misheld({ siret, unite_legale }: z.output<typeof donnees>): Alerte {
  return {
    code: 'sources_divergentes',
    niveau: 'attention',
    message: `L'Insee dit l'entreprise ${unite_legale.siren} cessée et son établissement ${siret} ouvert : c'est une erreur du répertoire Sirene.`,
  };
}

function incomplete(reason: string): Alerte {
  return {
    code: 'identite_incomplete',
    niveau: 'attention',
    message: `${reason} : l'identité peut être incomplète, et l'état de l'établissement est inconnu.`,
  };
}

function strictest(one: Diffusion, other: Diffusion): Diffusion {
  const order: Diffusion[] = ['diffusible', 'partiellement_diffusible', 'non_diffusible'];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

/** Of an address the commune and the country stay, as in INSEE's own open data. */
function masked(d: z.output<typeof donnees>): z.output<typeof donnees> {
  const { commune = null, code_commune = null, pays = null } = d.adresse ?? {};
  const hidden = { lignes: [], numero_voie: null, voie: null, complement: null, code_postal: null };
  return {
    ...d,
    enseigne: d.unite_legale.type === 'personne_morale' ? d.enseigne : null,
    adresse: d.adresse && { ...hidden, commune, code_commune, pays },
    unite_legale: publicUniteLegale(d.unite_legale),
  };
}
