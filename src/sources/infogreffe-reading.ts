import { z } from 'zod';
import type { dirigeantSchema } from '../dossier/identite.ts';
import { identifierOrNull, text } from './wire-values.ts';

/** An officer as Infogreffe writes one; persons and companies have different keys. */
export const mandataireWire = z.object({
  type: z.enum(['personne_morale', 'personne_physique']).nullish(),
  fonction: text,
  nom: text,
  prenom: text,
  raison_sociale: text,
  numero_identification: identifierOrNull(9),
});

export function mandataireOf(wire: z.output<typeof mandataireWire>): z.infer<typeof dirigeantSchema> {
  return {
    type: wire.type ?? kindOf(wire),
    fonction: wire.fonction,
    nom: wire.nom,
    prenoms: wire.prenom,
    denomination: wire.raison_sociale,
    siren: wire.numero_identification,
  };
}

/** The register may leave out what an officer is: only a company has a name of its own, or a number. */
function kindOf({ raison_sociale, numero_identification }: z.output<typeof mandataireWire>) {
  return raison_sociale !== null || numero_identification !== null ? 'personne_morale' : 'personne_physique';
}
