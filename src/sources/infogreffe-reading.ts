import { z } from 'zod';
import type { dirigeantSchema } from '../dossier/identite.ts';
import { identifierOrNull, text } from './wire-values.ts';

/** An officer as Infogreffe writes one; persons and companies have different keys. */
export const mandataireWire = z.object({
  type: z.enum(['personne_morale', 'personne_physique']),
  fonction: text,
  nom: text,
  prenom: text,
  raison_sociale: text,
  numero_identification: identifierOrNull(9),
});

export function mandataireOf(wire: z.output<typeof mandataireWire>): z.infer<typeof dirigeantSchema> {
  return {
    type: wire.type,
    fonction: wire.fonction,
    nom: wire.nom,
    prenoms: wire.prenom,
    denomination: wire.raison_sociale,
    siren: wire.numero_identification,
  };
}
