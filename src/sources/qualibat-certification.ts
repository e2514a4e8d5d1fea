import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import { singleWithMeta } from './envelope.ts';
import { defineSource, HUB_STORAGE } from './source.ts';
import { code, flag, text } from './wire-values.ts';

const insurance = z.object({ nom: text, identifiant: code, numero: code }).nullish();
const certification = z.object({ code, libelle: text, rge: flag, date_attribution: text }).nullable();

const wire = singleWithMeta(
  z.object({
    document_url: z.string().min(1),
    date_emission: text,
    date_fin_validite: text,
    entity: z
      .object({
        assurance_responsabilite_travaux: insurance,
        assurance_responsabilite_civile: insurance,
        certifications: z.array(certification).nullish(),
      })
      .nullish(),
  }),
  z.object({ extractor_error: text }).nullish(),
);
type Entity = z.output<typeof wire>['data']['entity'];

const jour = z.iso.date().nullable();
const texte = z.string().nullable();
const assurance = z.object({ nom: texte, identifiant: texte }).nullable();

const donnees = z
  .object({
    contenu_lu: z.boolean().describe('Faux quand le certificat existe sans que son contenu ait pu être lu'),
    nature: texte.describe('Nature d’un certificat dont le contenu n’est pas lu (amiante, cordistes…)'),
    date_emission: jour,
    date_fin_validite: jour,
    assurance_responsabilite_travaux: assurance,
    assurance_responsabilite_civile: assurance,
    certifications: z
      .array(z.object({ code: texte, libelle: texte, rge: z.boolean().nullable(), date_attribution: jour }))
      .nullable()
      .describe('Inconnu quand le contenu n’a pas été lu'),
  })
  .meta({ id: 'DonneesQualibatCertification' });

/**
 * Qualibat's certificate, whose content the hub reads in a PDF. A kind of certificate that it cannot read
 * gives neither dates nor certifications: the certificate exists all the same.
 */
export const qualibatCertification = defineSource({ wire, donnees })({
  id: 'qualibat_certification',
  administration: 'Qualibat',
  libelle: 'Certification Qualibat',
  perimetre: 'Établissements du bâtiment titulaires d’un certificat Qualibat.',
  opening: 'ouvert',
  identifiant: 'siret',
  paths: ({ siret }) => [`/v4/qualibat/etablissements/${siret}/certification_batiment`],
  quota: 'document',
  scopes: ['qualibat', 'open_data'],
  timeoutMs: 15_000,
  freshness: { untilHour: 0 },
  document: { hosts: [HUB_STORAGE] },
  read: ({ data, meta }) => {
    const unread = meta?.extractor_error ?? null;
    const du = dayIn(data.date_emission);
    const au = dayIn(data.date_fin_validite);
    return {
      statut: 'obtenu',
      donnees: {
        contenu_lu: unread === null,
        nature: unread?.match(/^(\w+)_pdf_not_supported$/)?.[1] ?? null,
        date_emission: du,
        date_fin_validite: au,
        assurance_responsabilite_travaux: insuranceOf(data.entity?.assurance_responsabilite_travaux),
        assurance_responsabilite_civile: insuranceOf(data.entity?.assurance_responsabilite_civile),
        certifications: unread === null ? certificationsOf(data.entity) : null,
      },
      validite: { du, au },
      link: data.document_url,
    };
  },
  explications: {
    obtenu:
      'Qualibat a délivré un certificat à cet établissement ; voir ses dates, et le document lui-même si son contenu n’a pas pu être lu.',
    non_trouve:
      'Qualibat n’a pas de certificat pour cet établissement : il peut prouver ses capacités autrement.',
  },
  unify: ({ certifications, date_fin_validite }) => ({
    certifications: {
      qualibat:
        certifications?.map(({ code, libelle, rge, date_attribution }) => ({
          code,
          libelle,
          rge,
          du: date_attribution,
          au: date_fin_validite,
        })) ?? null,
    },
  }),
});

/** The number of the policy is called otherwise in the certificates that are not read in full. */
function insuranceOf(found: z.output<typeof insurance>): z.output<typeof assurance> {
  return found ? { nom: found.nom, identifiant: found.identifiant ?? found.numero } : null;
}

function certificationsOf(entity: Entity) {
  if (!entity?.certifications) return null;
  return entity.certifications
    .filter((one) => one !== null)
    .map(({ date_attribution, ...one }) => ({ ...one, date_attribution: dayIn(date_attribution) }));
}
