import { z } from 'zod';
import { dirigeantSchema } from '../dossier/identite.ts';
import { single } from './envelope.ts';
import { publicBody } from './exclusions.ts';
import { mandataireOf, mandataireWire } from './infogreffe-reading.ts';
import { actingOf } from './officers.ts';
import { notesToCheck, observationSchema } from './registry-observations.ts';
import { defineSource } from './source.ts';
import { amount, code, day, identifierOrNull, list, text } from './wire-values.ts';
import { inFrench, joined } from './wording.ts';

const valeur = z
  .object({ valeur: text })
  .nullish()
  .transform((value) => value?.valeur ?? null);

/** The month, then the day, as this register alone writes them: ours is in the order of the RNE, `31-12`. */
const closingDay = text.transform(
  (monthFirst) => monthFirst?.replace(/^(0[1-9]|1[0-2])-(\d{2})$/, '$2-$1') ?? null,
);

const wire = single(
  z.object({
    siren: identifierOrNull(9),
    date_extrait: day,
    date_immatriculation: day,
    date_radiation: day,
    mandataires_sociaux: list(mandataireWire),
    observations: list(z.object({ numero: code, libelle: text, date: day })),
    nom_commercial: text,
    etablissement_principal: z.object({ activite: text, code_ape: text }).nullish(),
    capital: z.object({ montant: amount, devise: text, code_devise: text }).nullish(),
    greffe: valeur,
    personne_morale: z
      .object({
        forme_juridique: valeur,
        denomination: text,
        date_cloture_exercice_comptable: closingDay,
        date_fin_de_vie: day,
      })
      .nullish(),
    personne_physique: z.object({ nom: text, prenom: text }).nullish(),
  }),
);

const texte = z.string().nullable();
const jour = z.iso.date().nullable();

const donnees = z
  .object({
    date_extrait: jour,
    greffe: texte,
    date_immatriculation: jour,
    date_radiation: jour,
    type: z.enum(['personne_morale', 'personne_physique']).nullable(),
    denomination: texte.describe('Dénomination, ou nom et prénom'),
    nom_commercial: texte,
    forme_juridique: texte.describe("Libellé du registre, qui n'est pas celui de l'Insee"),
    capital: z.object({ montant: z.number(), devise: texte }).nullable(),
    date_cloture_exercice: texte.describe('Jour et mois, `JJ-MM`'),
    date_fin_personne_morale: jour.describe('Terme prévu, sauf prorogation'),
    etablissement_principal: z
      .object({ activite: texte, code_ape: texte })
      .nullable()
      .describe("Lieu de l'activité, qui n'est pas forcément le siège"),
    mandataires_sociaux: z.array(dirigeantSchema).nullable(),
    observations: z.array(observationSchema).nullable().describe('Mentions du greffier'),
  })
  .meta({ id: 'DonneesInfogreffeExtraitRcs' });

/**
 * Extract of the trade and companies register, which replaces the K-bis that a buyer may no longer ask for
 * (CCP, article R2143-9). The register writes an unknown value as '' or 0. Birth data stay with the register.
 */
export const infogreffeExtraitRcs = defineSource({ wire, donnees })({
  id: 'infogreffe_extrait_rcs',
  administration: 'Infogreffe',
  libelle: 'Extrait du registre du commerce et des sociétés',
  perimetre:
    'Sociétés et commerçants inscrits au RCS ; hors artisans, professions libérales, associations et organismes publics.',
  opening: 'ouvert',
  identifiant: 'siren',
  exclusions: [publicBody],
  paths: ({ siren }) => [`/v3/infogreffe/rcs/unites_legales/${siren}/extrait_kbis`],
  quota: 'json',
  scopes: ['extraits_rcs', 'open_data'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => ({
    statut: 'obtenu',
    about: data.siren,
    donnees: {
      date_extrait: data.date_extrait,
      greffe: data.greffe,
      date_immatriculation: data.date_immatriculation,
      date_radiation: data.date_radiation,
      ...personOf(data),
      nom_commercial: data.nom_commercial,
      capital: capitalOf(data.capital),
      date_cloture_exercice: data.personne_morale?.date_cloture_exercice_comptable ?? null,
      date_fin_personne_morale: data.personne_morale?.date_fin_de_vie ?? null,
      etablissement_principal: principalOf(data.etablissement_principal),
      mandataires_sociaux: data.mandataires_sociaux?.map(mandataireOf) ?? null,
      observations:
        data.observations?.flatMap(({ numero, date, libelle }) =>
          libelle === null ? [] : [{ numero, date, texte: libelle }],
        ) ?? null,
    },
  }),
  codes: { 502: 'non_trouve' },
  explications: {
    obtenu:
      "L'entreprise est connue du registre du commerce et des sociétés ; voir les alertes, s'il y en a.",
    non_trouve:
      "L'entreprise n'est très probablement pas inscrite au registre du commerce et des sociétés : c'est normal pour un artisan, une profession libérale, une association ou un organisme public.",
  },
  unify: (d) => ({
    identite: {
      denomination: d.denomination,
      nom_commercial: d.nom_commercial,
      type: d.type,
      forme_juridique: d.forme_juridique === null ? null : { code: null, libelle: d.forme_juridique },
      immatriculation_rcs: {
        greffe: d.greffe,
        date_immatriculation: d.date_immatriculation,
        date_radiation: d.date_radiation,
      },
      capital: d.capital,
      dirigeants: actingOf(d.mandataires_sociaux),
    },
  }),
  alertes: (d) => [
    ...(d.date_radiation === null
      ? []
      : [
          {
            code: 'radiation' as const,
            niveau: 'critique' as const,
            message: `L'entreprise est radiée du registre du commerce et des sociétés, à la date du ${inFrench(d.date_radiation)}.`,
          },
        ]),
    ...notesToCheck(d.observations ?? [], 'registre du commerce et des sociétés'),
  ],
});

type Data = z.output<typeof wire>['data'];

/** Both kinds of person are always there, the blank one filled with empty texts. */
function personOf({ personne_morale, personne_physique }: Data) {
  const forme_juridique = personne_morale?.forme_juridique ?? null;
  if (personne_morale?.denomination || forme_juridique) {
    const denomination = personne_morale?.denomination ?? null;
    return { type: 'personne_morale' as const, denomination, forme_juridique };
  }
  const name = joined(personne_physique?.prenom, personne_physique?.nom);
  return { type: name ? ('personne_physique' as const) : null, denomination: name, forme_juridique };
}

function capitalOf(capital: Data['capital']) {
  return capital?.montant
    ? { montant: capital.montant, devise: capital.code_devise ?? capital.devise }
    : null;
}

function principalOf(establishment: Data['etablissement_principal']) {
  if (!establishment?.activite && !establishment?.code_ape) return null;
  return { activite: establishment.activite, code_ape: establishment.code_ape };
}
