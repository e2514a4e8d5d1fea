import { z } from 'zod';
import { single } from './envelope.ts';
import { notAgricultural } from './exclusions.ts';
import { defineSource } from './source.ts';

const SITUATIONS = {
  up_to_date: 'a_jour',
  outdated: 'non_a_jour',
  under_investigation: 'en_examen',
} as const;
const STATUTS = { up_to_date: 'obtenu', outdated: 'refuse', under_investigation: 'en_examen' } as const;

const wire = single(z.object({ status: z.enum(['up_to_date', 'outdated', 'under_investigation']) }));

const donnees = z
  .object({ situation: z.enum(['a_jour', 'non_a_jour', 'en_examen']) })
  .meta({ id: 'DonneesMsaConformiteCotisations' });

/** Whether contributions to the agricultural regime are paid (Code rural, L722-1 to L722-7), as of the call. */
export const msaConformiteCotisations = defineSource({ wire, donnees })({
  id: 'msa_conformite_cotisations',
  administration: 'MSA',
  libelle: 'Conformité des cotisations au régime agricole',
  perimetre: 'Entreprises et employeurs du régime agricole seulement.',
  opening: 'protege',
  identifiant: 'siret',
  exclusions: [notAgricultural],
  paths: ({ siret }) => [`/v3/msa/etablissements/${siret}/conformite_cotisations`],
  quota: 'json',
  scopes: ['msa_cotisations', 'cotisations_msa'],
  timeoutMs: 15_000,
  maintenance: { from: '03:00', to: '03:30' },
  freshness: { untilHour: 0 },
  // A situation as of the call: on another day it proves nothing.
  revalidateSeconds: 0,
  staleSeconds: 0,
  read: ({ data: { status } }) => ({
    statut: STATUTS[status],
    donnees: { situation: SITUATIONS[status] },
  }),
  explications: {
    obtenu: 'La MSA indique que les cotisations sont à jour.',
    refuse: 'La MSA indique que les cotisations ne sont pas à jour.',
    en_examen: 'Un agent de la MSA doit examiner la situation : ce n’est ni un refus, ni une panne.',
    non_trouve:
      'La MSA ne connaît pas cet établissement : cela ne dit rien de la régularité de l’entreprise.',
  },
  unify: ({ situation }) => ({ social: { msa: { situation } } }),
});
