import { z } from 'zod';
import type { Period } from '../dossier/outcome.ts';
import { dayIn } from '../dossier/time.ts';
import { collection } from './envelope.ts';
import { defineSource } from './source.ts';
import { code, flag, text } from './wire-values.ts';

const labelled = z.object({ code, label: text });
const labels = z.array(labelled).nullish();
const insurance = z.object({ nom: text, date_debut: text, date_fin: text }).nullish();

const certificate = z.object({
  numero: code,
  rge: flag,
  date_debut: text,
  date_fin: text,
  qualification: z
    .object({
      label: text,
      date_debut: text,
      date_fin: text,
      indices: labels,
      mentions: labels,
      domaines: labels,
      classification: labelled.nullish(),
    })
    .nullish(),
  assurance_decennale: insurance,
  assurance_civile: insurance,
});
type Certificate = z.output<typeof certificate>;

const wire = collection(certificate);

const jour = z.iso.date().nullable();
const texte = z.string().nullable();
const codeLibelle = z.object({ code: texte, libelle: texte });
const assurance = z.object({ nom: texte, date_debut: jour, date_fin: jour }).nullable();

const donnees = z
  .object({
    certificats: z.array(
      z.object({
        numero: texte,
        rge: z.boolean().nullable(),
        date_debut: jour,
        date_fin: jour,
        qualification: z
          .object({
            libelle: texte,
            date_debut: jour,
            date_fin: jour.describe(
              'Fin de la qualification, qui dure plusieurs années quand le certificat est annuel',
            ),
            indices: z.array(codeLibelle),
            mentions: z.array(codeLibelle),
            domaines: z.array(codeLibelle),
            classification: codeLibelle.nullable().describe('Moyens humains de l’entreprise'),
          })
          .nullable(),
        assurance_decennale: assurance,
        assurance_civile: assurance,
      }),
    ),
  })
  .meta({ id: 'DonneesQualifelecCertificats' });
type Certificat = z.output<typeof donnees>['certificats'][number];

/** Qualifelec's certificates in force. Each has its own dates, shorter than those of its qualification. */
export const qualifelecCertificats = defineSource({ wire, donnees })({
  id: 'qualifelec_certificats',
  administration: 'Qualifelec',
  libelle: 'Certificats Qualifelec',
  perimetre: 'Établissements du génie électrique et énergétique titulaires d’un certificat en cours.',
  opening: 'ouvert',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v3/qualifelec/etablissements/${siret}/certificats`],
  quota: 'json',
  scopes: ['open_data'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => {
    const certificats = data.map(certificatOf);
    return { statut: 'obtenu', donnees: { certificats }, validite: periodOf(certificats) };
  },
  explications: {
    obtenu: 'Qualifelec donne les certificats en cours de cet établissement, chacun avec ses dates.',
    non_trouve:
      'Qualifelec n’a pas de certificat en cours pour cet établissement : il peut prouver ses capacités autrement.',
  },
  unify: ({ certificats }) => ({
    certifications: {
      qualifelec: certificats.map(({ qualification, rge, date_debut, date_fin }) => ({
        code: null,
        libelle: qualification?.libelle ?? null,
        rge,
        du: date_debut,
        au: date_fin,
      })),
    },
  }),
});

function certificatOf({ qualification, ...certificate }: Certificate): Certificat {
  return {
    numero: certificate.numero,
    rge: certificate.rge,
    ...daysOf(certificate),
    qualification: qualification ? qualificationOf(qualification) : null,
    assurance_decennale: insuranceOf(certificate.assurance_decennale),
    assurance_civile: insuranceOf(certificate.assurance_civile),
  };
}

function qualificationOf(found: NonNullable<Certificate['qualification']>): Certificat['qualification'] {
  return {
    libelle: found.label,
    ...daysOf(found),
    indices: (found.indices ?? []).map(codeLibelleOf),
    mentions: (found.mentions ?? []).map(codeLibelleOf),
    domaines: (found.domaines ?? []).map(codeLibelleOf),
    classification: found.classification ? codeLibelleOf(found.classification) : null,
  };
}

function daysOf({ date_debut, date_fin }: { date_debut: string | null; date_fin: string | null }) {
  return { date_debut: dayIn(date_debut), date_fin: dayIn(date_fin) };
}

function codeLibelleOf({ code, label }: z.output<typeof labelled>) {
  return { code, libelle: label };
}

function insuranceOf(found: z.output<typeof insurance>): z.output<typeof assurance> {
  return found ? { nom: found.nom, ...daysOf(found) } : null;
}

/** Certificates that end on different days have no validity in common: any single end would be false of one. */
function periodOf([first, ...others]: Certificat[]): Period {
  const shared =
    first && others.every((one) => one.date_debut === first.date_debut && one.date_fin === first.date_fin);
  return shared ? { du: first.date_debut, au: first.date_fin } : { du: null, au: null };
}
