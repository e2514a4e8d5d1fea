import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import { single } from './envelope.ts';
import { defineSource, HUB_STORAGE } from './source.ts';
import { text } from './wire-values.ts';

const wire = single(
  z.object({
    document_url: text,
    date_debut_validite: text,
    date_fin_validite: text,
    code_securite: text,
    entity_status: z.object({ code: z.enum(['ok', 'refus_de_delivrance']) }),
  }),
);

const donnees = z
  .object({
    situation: z.enum(['delivree', 'refusee']),
    date_debut_validite: z.iso.date().nullable(),
    date_fin_validite: z.iso.date().nullable(),
    code_securite: z.string().nullable().describe('Permet de vérifier le document sur le site de l’Urssaf'),
  })
  .meta({ id: 'DonneesUrssafAttestationVigilance' });

/**
 * Attestation de vigilance (Code du travail, article L8222-1; CSS, article L243-15). A refusal is a 200.
 * A delivered certificate whose PDF could not be read has no dates: it is delivered all the same.
 */
export const urssafAttestationVigilance = defineSource({ wire, donnees })({
  id: 'urssaf_attestation_vigilance',
  administration: 'Urssaf',
  libelle: 'Attestation de vigilance',
  perimetre:
    'Employeurs et travailleurs indépendants du régime général. Hors régime agricole, micro-entrepreneurs non libéraux et entreprises radiées.',
  opening: 'protege',
  identifiant: 'siren',
  paths: ({ siren }) => [`/v4/urssaf/unites_legales/${siren}/attestation_vigilance`],
  quota: 'urssaf',
  scopes: ['attestations_sociales', 'attestation_sociale_urssaf'],
  timeoutMs: 25_000,
  freshness: { untilHour: 8 },
  document: { hosts: [HUB_STORAGE] },
  read: ({ data }) => {
    const delivered = data.entity_status.code === 'ok';
    const du = dayIn(data.date_debut_validite);
    const au = dayIn(data.date_fin_validite);
    return {
      statut: delivered ? 'obtenu' : 'refuse',
      donnees: {
        situation: delivered ? 'delivree' : 'refusee',
        date_debut_validite: du,
        date_fin_validite: au,
        code_securite: data.code_securite,
      },
      validite: { du, au },
      link: data.document_url,
    };
  },
  codes: { 501: 'en_examen', 502: 'en_examen' },
  explications: {
    obtenu:
      "L'Urssaf a délivré l'attestation de vigilance ; voir ses dates de validité, ici ou sur le document.",
    refuse: "L'Urssaf refuse de délivrer l'attestation : l'entreprise n'est pas à jour de ses obligations.",
    en_examen: "L'Urssaf examine encore la situation du compte : ce n'est ni un refus, ni une panne.",
    non_trouve:
      "L'Urssaf ne connaît pas cette entreprise, ne la couvre pas, ou l'a radiée : cela ne dit rien de sa régularité.",
  },
  unify: (d) => ({
    social: {
      vigilance: {
        situation: d.situation,
        du: d.date_debut_validite,
        au: d.date_fin_validite,
        code_securite: d.code_securite,
      },
    },
  }),
});
