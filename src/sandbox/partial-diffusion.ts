import type { Answer } from './answer.ts';

type Json = Readonly<Record<string, unknown>>;

const HIDDEN = '[ND]';
const SHOWN_OF_ADDRESS = new Set([
  'code_commune',
  'libelle_commune',
  'libelle_commune_etranger',
  'code_pays_etranger',
  'libelle_pays_etranger',
  'status_diffusion',
]);

function hideAll(fields: unknown, isShown: (name: string) => boolean = () => false): Json {
  return Object.fromEntries(
    Object.entries(fields as Json).map(([name, value]) => [name, isShown(name) ? value : HIDDEN]),
  );
}

const isPartial = (data: Json) => data.status_diffusion === 'partiellement_diffusible';

function maskAddress(address: Json): Json {
  const hidden = hideAll(address, (name) => SHOWN_OF_ADDRESS.has(name));
  return { ...hidden, acheminement_postal: hideAll(address.acheminement_postal, (line) => line === 'l7') };
}

function maskUnit(unit: Json): Json {
  if (!isPartial(unit)) return unit;
  const shown = { ...unit, diffusable_commercialement: true };
  if (unit.type === 'personne_physique')
    return { ...shown, personne_physique_attributs: hideAll(unit.personne_physique_attributs) };
  return {
    ...shown,
    personne_morale_attributs: { ...(unit.personne_morale_attributs as Json), sigle: HIDDEN },
  };
}

function maskEstablishment(data: Json): Json {
  const unit = data.unite_legale as Json;
  const enseigne = unit.type === 'personne_physique' ? HIDDEN : data.enseigne;
  return isPartial(data)
    ? { ...data, diffusable_commercialement: true, enseigne, adresse: maskAddress(data.adresse as Json) }
    : data;
}

/**
 * What the `diffusibles` endpoints of INSEE show of an entity that opposed its diffusion: `[ND]` for the names of
 * a person, the sigle of a company and the address down to the postcode; commune and country stay. Null for an
 * entity that may not be diffused at all, which they do not know.
 */
export function maskPartialDiffusion(answer: Answer): Answer | null {
  const data = answer.body.data as Json;
  if (data.status_diffusion === 'non_diffusible') return null;
  const masked = data.unite_legale
    ? { ...maskEstablishment(data), unite_legale: maskUnit(data.unite_legale as Json) }
    : maskUnit(data);
  return { ...answer, body: { ...answer.body, data: masked } };
}
