import { z } from 'zod';

export const NIVEAUX = ['critique', 'attention', 'information'] as const;

export const alerteSchema = z
  .object({
    code: z.enum([
      'siret_redirige',
      'siret_inconnu_insee',
      'siren_incoherent',
      'entreprise_cessee',
      'etablissement_ferme',
      'radiation',
      'procedure_collective',
      'interdiction_gerer',
      'dissolution',
      'association_inactive',
      'sources_divergentes',
      'diffusion_partielle',
      'identite_incomplete',
    ]),
    niveau: z.enum(NIVEAUX),
    message: z.string().describe('Une phrase pour le lecteur du dossier'),
    pieces: z.array(z.string()).describe("Pièces d'où vient l'alerte"),
  })
  .meta({ id: 'Alerte' });

export type AlerteComplete = z.infer<typeof alerteSchema>;
/** An alert as its source raises it: assembling adds the piece it comes from. */
export type Alerte = Omit<AlerteComplete, 'pieces'>;
