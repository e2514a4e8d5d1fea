import { z } from 'zod';
import type { adresseSchema } from '../dossier/identite.ts';
import { code, text } from './wire-values.ts';
import { joined } from './wording.ts';

/** An address as the directory of associations writes it. */
export const associationAddressWire = z
  .object({
    complement: text,
    numero_voie: code,
    type_voie: text,
    libelle_voie: text,
    distribution: text,
    code_insee: code,
    code_postal: code,
    commune: text,
  })
  .nullish();

/** Null when no part of it is known. */
export function associationAddressOf(
  wire: z.output<typeof associationAddressWire>,
): z.infer<typeof adresseSchema> | null {
  if (!wire) return null;
  const voie = joined(wire.type_voie, wire.libelle_voie);
  const complement = joined(wire.complement, wire.distribution);
  const street = joined(wire.numero_voie, voie);
  const city = joined(wire.code_postal, wire.commune);
  const lignes = [wire.complement, street, wire.distribution, city].filter((line) => line !== null);
  if (lignes.length === 0) return null;
  const { numero_voie, code_postal, commune, code_insee } = wire;
  return {
    lignes,
    numero_voie,
    voie,
    complement,
    code_postal,
    commune,
    code_commune: code_insee,
    pays: null,
  };
}
