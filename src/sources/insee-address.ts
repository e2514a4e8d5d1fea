import { z } from 'zod';
import type { adresseSchema } from '../dossier/identite.ts';
import { code, text } from './wire-values.ts';
import { joined } from './wording.ts';

/** An establishment's address as INSEE writes it. Its postal lines are rebuilt, not normalised. */
export const inseeAddress = z
  .object({
    numero_voie: code,
    indice_repetition_voie: text,
    type_voie: text,
    libelle_voie: text,
    complement_adresse: text,
    distribution_speciale: text,
    code_postal: code,
    libelle_commune: text,
    libelle_commune_etranger: text,
    code_commune: code,
    libelle_pays_etranger: text,
    acheminement_postal: z
      .object({ l1: text, l2: text, l3: text, l4: text, l5: text, l6: text, l7: text })
      .nullish(),
  })
  .nullish()
  .transform((wire) => (wire ? addressOf(wire) : null));

type Adresse = z.infer<typeof adresseSchema>;
type Part = string | null;

interface Wire {
  numero_voie: Part;
  indice_repetition_voie: Part;
  type_voie: Part;
  libelle_voie: Part;
  complement_adresse: Part;
  distribution_speciale: Part;
  code_postal: Part;
  libelle_commune: Part;
  libelle_commune_etranger: Part;
  code_commune: Part;
  libelle_pays_etranger: Part;
  acheminement_postal?: Record<'l1' | 'l2' | 'l3' | 'l4' | 'l5' | 'l6' | 'l7', Part> | null | undefined;
}

function addressOf(wire: Wire): Adresse | null {
  const { l1, l2, l3, l4, l5, l6, l7 } = wire.acheminement_postal ?? {};
  const address = {
    numero_voie: joined(wire.numero_voie, wire.indice_repetition_voie),
    voie: joined(wire.type_voie, wire.libelle_voie),
    complement: joined(wire.complement_adresse, wire.distribution_speciale),
    code_postal: wire.code_postal,
    commune: wire.libelle_commune ?? wire.libelle_commune_etranger,
    code_commune: wire.code_commune,
    pays: wire.libelle_pays_etranger ?? l7 ?? null,
  };
  const isKnown = Object.values(address).some((part) => part !== null);
  const lignes = [l1, l2, l3, l4, l5, l6, l7].filter((line) => typeof line === 'string');
  return isKnown || lignes.length > 0 ? { lignes, ...address } : null;
}
