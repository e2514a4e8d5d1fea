import { z } from 'zod';
import { type Day, dayIn } from '../dossier/time.ts';
import { single } from './envelope.ts';
import { defineSource } from './source.ts';
import { code, flag, text } from './wire-values.ts';

const qualifications = z
  .array(z.object({ nom: text, code_qualification: code, definition: text, rge: flag }))
  .nullish();

const wire = single(
  z.object({
    numero_certificat: code,
    url: text,
    date_delivrance_certificat: text,
    duree_validite_certificat: text,
    assurances: text,
    qualifications,
    date_validite_qualifications: text,
    qualifications_probatoires: qualifications,
    date_validite_qualifications_probatoires: text,
  }),
);

const jour = z.iso.date().nullable();
const texte = z.string().nullable();
const liste = z
  .array(z.object({ code: texte, nom: texte, definition: texte, rge: z.boolean().nullable() }))
  .nullable();

const donnees = z
  .object({
    numero_certificat: texte,
    url: texte.describe('Page du certificat sur le site de l’OPQIBI'),
    date_delivrance_certificat: jour,
    duree_validite_certificat: texte,
    assurances: texte.describe(
      'Assureurs qui reconnaissent le certificat : ce ne sont pas ceux de l’entreprise',
    ),
    qualifications: liste,
    date_validite_qualifications: jour.describe('Dernier jour des qualifications, contrôlées chaque année'),
    qualifications_probatoires: liste,
    date_validite_qualifications_probatoires: jour,
  })
  .meta({ id: 'DonneesOpqibiCertification' });
type Donnees = z.output<typeof donnees>;

/**
 * OPQIBI's certificate of engineering. It holds for one year, its qualifications for four and its
 * probationary ones for one: the validity of the proof is the certificate's.
 */
export const opqibiCertification = defineSource({ wire, donnees })({
  id: 'opqibi_certification',
  administration: 'OPQIBI',
  libelle: 'Certification d’ingénierie OPQIBI',
  perimetre: 'Entreprises d’ingénierie qualifiées par l’OPQIBI.',
  opening: 'ouvert',
  identifiant: 'siren',
  paths: ({ siren }) => [`/v3/opqibi/unites_legales/${siren}/certification_ingenierie`],
  quota: 'json',
  scopes: ['certificat_opqibi', 'certification_opqibi', 'open_data'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => {
    const du = dayWrittenIn(data.date_delivrance_certificat);
    return {
      statut: 'obtenu',
      donnees: {
        numero_certificat: data.numero_certificat,
        url: data.url,
        date_delivrance_certificat: du,
        duree_validite_certificat: data.duree_validite_certificat,
        assurances: data.assurances,
        qualifications: qualificationsOf(data.qualifications),
        date_validite_qualifications: dayWrittenIn(data.date_validite_qualifications),
        qualifications_probatoires: qualificationsOf(data.qualifications_probatoires),
        date_validite_qualifications_probatoires: dayWrittenIn(data.date_validite_qualifications_probatoires),
      },
      validite: { du, au: endOf(du, data.duree_validite_certificat) },
    };
  },
  explications: {
    obtenu: 'L’OPQIBI a délivré un certificat à cette entreprise ; voir ses dates et ses qualifications.',
    non_trouve:
      'L’OPQIBI n’a pas de certificat pour cette entreprise : elle peut prouver ses capacités autrement.',
  },
  unify: (d) => ({ certifications: { opqibi: unifiedOf(d) } }),
});

function qualificationsOf(found: z.output<typeof qualifications>): z.output<typeof liste> {
  return found?.map(({ code_qualification, ...one }) => ({ code: code_qualification, ...one })) ?? null;
}

/** OPQIBI writes its days in either order: year first, or as one writes them in French. */
function dayWrittenIn(value: string | null): Day | null {
  return dayIn(value) ?? dayIn(value?.replace(/^(\d{2})[/.-](\d{2})[/.-](\d{4})$/, '$3-$2-$1'));
}

/** Last day of a certificate said to hold for a year: a term in years ends on the same day of the year. */
function endOf(du: Day | null, duree: string | null): Day | null {
  if (du === null || !/\b(un|1)\s*an\b/i.test(duree ?? '')) return null;
  return Temporal.PlainDate.from(du).add({ years: 1 }).toString();
}

function unifiedOf({ qualifications, qualifications_probatoires, ...dates }: Donnees) {
  if (qualifications === null && qualifications_probatoires === null) return null;
  return [
    ...(qualifications ?? []).map((one) => ({ ...one, au: dates.date_validite_qualifications })),
    ...(qualifications_probatoires ?? []).map((one) => ({
      ...one,
      au: dates.date_validite_qualifications_probatoires,
    })),
  ].map(({ code, nom, rge, au }) => ({ code, libelle: nom, rge, du: null, au }));
}
