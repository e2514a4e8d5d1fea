import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import { collection } from './envelope.ts';
import { notAnAssociation } from './exclusions.ts';
import { defineSource, LARGE_BYTES } from './source.ts';
import { code, number, text } from './wire-values.ts';

/** Euros, as a number or as a text; what is no number is unknown, not zero. */
const amount = z
  .union([number, text])
  .transform((value) => (value !== null && Number.isFinite(Number(value)) ? Number(value) : null));

const request = z.object({
  fournisseur: text,
  date_mise_a_jour_information: text,
  annee_exercice_demande: code,
  identifiant_engagement_juridique: code,
  subvention_demandee: z
    .object({ dispositif: text, sous_dispositif: text, montant_demande: amount })
    .nullish(),
  description_des_projets: z
    .object({
      estimation_cout_total: amount,
      projet: z.array(z.object({ intitule: text })).nullish(),
    })
    .nullish(),
  instruction: z
    .object({
      service_instructeur: text,
      date_commission: text,
      statut_demande: text,
      montant_accorde: amount,
    })
    .nullish(),
});

const payment = z.object({
  fournisseur: text,
  date_mise_a_jour_information: text,
  montant_verse: amount,
  date_versement: text,
  centre_financier: text,
  domaine_fonctionnel: text,
  activitee: text,
  numero_bop: code,
  programme: z.object({ numero: code, libelle: text }).nullish(),
});

const wire = collection(
  z.object({ demande_subvention: request.nullish(), paiements: z.array(payment).nullish() }),
);

const jour = z.iso.date().nullable();
const texte = z.string().nullable();
const euros = z.number().nullable();

const donnees = z
  .object({
    subventions: z
      .array(
        z.object({
          demande: z
            .object({
              fournisseur: texte.describe('Origine de l’information'),
              date_mise_a_jour: jour,
              annee_exercice: texte,
              engagement_juridique: texte,
              dispositif: texte,
              sous_dispositif: texte,
              montant_demande_euros: euros,
              cout_total_estime_euros: euros,
              projets: z.array(z.string()).describe('Intitulés'),
              service_instructeur: texte,
              date_commission: jour,
              statut: texte.describe('Dans les mots de la source : « Accordé », « En instruction »…'),
              montant_accorde_euros: euros,
            })
            .nullable()
            .describe('Inconnue quand seuls des paiements sont connus'),
          paiements: z.array(
            z.object({
              fournisseur: texte.describe('Origine de l’information'),
              date_mise_a_jour: jour,
              date_versement: jour,
              montant_verse_euros: euros,
              centre_financier: texte.describe(
                'Centre qui a payé, pas forcément celui qui donne la subvention',
              ),
              domaine_fonctionnel: texte,
              activite: texte,
              numero_bop: texte.describe('Budget opérationnel de programme'),
              programme: z
                .object({ numero: texte, libelle: texte })
                .nullable()
                .describe('Programme du budget de l’État'),
            }),
          ),
        }),
      )
      .describe('De la plus récente à la plus ancienne'),
  })
  .meta({ id: 'DonneesDataSubventionSubventions' });
type Subvention = z.output<typeof donnees>['subventions'][number];
type Paiement = Subvention['paiements'][number];

/**
 * Subsidies asked by an association and paid to it, since 2018: every request made to the State, less than
 * half of those made to local authorities, and the payments of the State alone.
 */
export const dataSubventionSubventions = defineSource({ wire, donnees })({
  id: 'data_subvention_subventions',
  administration: 'Data.Subvention',
  libelle: 'Subventions demandées et versées',
  perimetre: 'Associations seulement, depuis 2018 ; demandes aux collectivités incomplètes.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [notAnAssociation],
  paths: ({ siren }) => [`/v3/data_subvention/associations/${siren}/subventions`],
  quota: 'json',
  scopes: ['data_subvention_subventions'],
  timeoutMs: 15_000,
  maxBytes: LARGE_BYTES,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: {
      subventions: newestFirst(data.map(subventionOf), lastMoveOf),
    },
  }),
  explications: {
    obtenu: 'Data.Subvention donne les demandes et les paiements qu’elle connaît ; la liste est incomplète.',
    non_trouve:
      'Data.Subvention ne connaît pas de subvention à cette structure, ou ce n’est pas une association.',
  },
  unify: ({ subventions }) => ({ fiscal: { subventions_versees: paidOf(subventions) } }),
});

function subventionOf({ demande_subvention, paiements }: z.output<typeof wire>['data'][number]): Subvention {
  return {
    demande: demande_subvention ? requestOf(demande_subvention) : null,
    paiements: newestFirst((paiements ?? []).map(paymentOf), (one) => one.date_versement),
  };
}

function requestOf(found: z.output<typeof request>): Subvention['demande'] {
  const { subvention_demandee: asked, description_des_projets: projects, instruction } = found;
  return {
    fournisseur: found.fournisseur,
    date_mise_a_jour: dayIn(found.date_mise_a_jour_information),
    annee_exercice: found.annee_exercice_demande,
    engagement_juridique: found.identifiant_engagement_juridique,
    dispositif: asked?.dispositif ?? null,
    sous_dispositif: asked?.sous_dispositif ?? null,
    montant_demande_euros: asked?.montant_demande ?? null,
    cout_total_estime_euros: projects?.estimation_cout_total ?? null,
    projets: (projects?.projet ?? []).map(({ intitule }) => intitule).filter((title) => title !== null),
    service_instructeur: instruction?.service_instructeur ?? null,
    date_commission: dayIn(instruction?.date_commission),
    statut: instruction?.statut_demande ?? null,
    montant_accorde_euros: instruction?.montant_accorde ?? null,
  };
}

function paymentOf(found: z.output<typeof payment>): Paiement {
  return {
    fournisseur: found.fournisseur,
    date_mise_a_jour: dayIn(found.date_mise_a_jour_information),
    date_versement: dayIn(found.date_versement),
    montant_verse_euros: found.montant_verse,
    centre_financier: found.centre_financier,
    domaine_fonctionnel: found.domaine_fonctionnel,
    activite: found.activitee,
    numero_bop: found.numero_bop,
    programme: found.programme ?? null,
  };
}

/** What pays is a programme of the State's budget: the centre that paid is not always the one that gives. */
function paidOf(subventions: Subvention[]) {
  const paid = subventions.flatMap(({ paiements }) =>
    paiements.flatMap(({ date_versement, montant_verse_euros, programme }) =>
      montant_verse_euros === null
        ? []
        : [{ date_versement, montant_euros: montant_verse_euros, programme: programme?.libelle ?? null }],
    ),
  );
  return newestFirst(paid, (one) => one.date_versement);
}

/** Day of the last payment, or else the year of the request. */
function lastMoveOf({ demande, paiements }: Subvention): string | null {
  return paiements[0]?.date_versement ?? demande?.annee_exercice ?? null;
}

/** What bears no date comes last; a year comes after the days it holds. */
function newestFirst<T>(items: T[], dateOf: (item: T) => string | null): T[] {
  return items
    .map((item) => ({ item, date: dateOf(item) ?? '' }))
    .sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? 1 : -1))
    .map(({ item }) => item);
}
