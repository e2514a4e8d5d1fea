import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import { collection } from './envelope.ts';
import { defineSource, LARGE_BYTES } from './source.ts';
import { code, flag, text } from './wire-values.ts';

const wire = collection(
  z.object({
    url: text,
    nom_certificat: text,
    domaine: text,
    meta_domaine: text,
    qualification: z.object({ code, nom: text }).nullish(),
    organisme: text,
    date_attribution: text,
    date_expiration: text,
    meta: z.object({ updated_at: text, archived: flag }).nullish(),
  }),
);
type Line = z.output<typeof wire>['data'][number];

const jour = z.iso.date().nullable();
const texte = z.string().nullable();

const donnees = z
  .object({
    certificats: z
      .array(
        z.object({
          nom: texte,
          domaine: texte,
          contexte: texte.describe('Famille du domaine de travaux'),
          qualification: z.object({ code: texte, nom: texte }),
          organisme: texte.describe('Organisme qui a délivré le certificat'),
          date_attribution: jour,
          date_expiration: jour.describe('Un certificat expiré reste dans la liste'),
          date_mise_a_jour: jour,
          url: texte.describe('Le certificat sur le site de l’organisme'),
        }),
      )
      .describe('Un certificat par domaine de travaux, en cours de validité ou non'),
  })
  .meta({ id: 'DonneesAdemeCertificationRge' });

/**
 * Ademe's list of RGE certificates, gathered from the bodies that deliver them. Archived lines are void and
 * dropped; expired ones are kept, with their dates. A list, not a proof: it has no validity of its own.
 */
export const ademeCertificationRge = defineSource({ wire, donnees })({
  id: 'ademe_certification_rge',
  administration: 'Ademe',
  libelle: 'Certifications RGE',
  perimetre:
    'Établissements « reconnus garants de l’environnement » ; certificats OPQIBI et Afnor incomplets.',
  opening: 'ouvert',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v3/ademe/etablissements/${siret}/certification_rge?limit=1000`],
  quota: 'json',
  scopes: ['certificat_rge_ademe', 'open_data'],
  timeoutMs: 15_000,
  maxBytes: LARGE_BYTES,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: { certificats: data.filter((line) => line.meta?.archived !== true).map(certificatOf) },
  }),
  explications: {
    obtenu: 'L’Ademe donne les certificats RGE de cet établissement ; certains peuvent être expirés.',
    non_trouve:
      'L’Ademe n’a pas de certificat RGE pour cet établissement ; sa liste ne couvre pas tous les organismes.',
  },
  unify: ({ certificats }) => ({
    certifications: {
      rge: certificats.map(({ qualification, nom, date_attribution, date_expiration }) => ({
        code: qualification.code,
        libelle: qualification.nom ?? nom,
        rge: true,
        du: date_attribution,
        au: date_expiration,
      })),
    },
  }),
});

function certificatOf(line: Line) {
  return {
    nom: line.nom_certificat,
    domaine: line.domaine,
    contexte: line.meta_domaine,
    qualification: { code: line.qualification?.code ?? null, nom: line.qualification?.nom ?? null },
    organisme: line.organisme,
    date_attribution: dayIn(line.date_attribution),
    date_expiration: dayIn(line.date_expiration),
    date_mise_a_jour: dayIn(line.meta?.updated_at),
    url: line.url,
  };
}
