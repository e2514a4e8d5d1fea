import { z } from 'zod';
import { single } from './envelope.ts';
import { noYearBeforeThisOne } from './exclusions.ts';
import { defineSource } from './source.ts';
import { code, decimal, flag } from './wire-values.ts';

/** What does not apply is null, or `NS`. */
const declared = code.transform((value) => (value === 'NS' ? null : value));

const wire = single(
  z.object({
    capital: z
      .object({
        actionnaires: z
          .array(
            z.object({
              type: z.enum(['personne_morale', 'personne_physique']),
              pourcentage: decimal,
              personne_morale_attributes: z.object({ siren: declared, denomination: declared }).nullish(),
            }),
          )
          .nullish(),
        depose_neant: flag,
      })
      .nullish(),
    participations: z
      .object({
        filiales: z
          .array(z.object({ siren: declared, denomination: declared, pourcentage_detention: decimal }))
          .nullish(),
        depose_neant: flag,
      })
      .nullish(),
  }),
);

const texte = z.string().nullable();
const pourcentage = z.number().nullable();
const personneMorale = z.object({
  siren: texte.describe('Tel que déclaré : parfois faux ou fictif'),
  denomination: texte,
  pourcentage,
});
const neant = z
  .boolean()
  .nullable()
  .describe('Vrai : déposé sans contenu. Faux avec des listes vides : le formulaire peut être absent');

const donnees = z
  .object({
    actionnaires_personnes_morales: z.array(personneMorale),
    actionnaires_personnes_physiques: z
      .array(z.object({ pourcentage }))
      .describe('Leurs parts seulement : leur identité n’est pas reprise'),
    formulaire_2059f_neant: neant,
    filiales: z.array(personneMorale),
    formulaire_2059g_neant: neant,
  })
  .meta({ id: 'DonneesDgfipLiensCapitalistiques' });

/**
 * Holdings of 10 % and more, as declared in forms 2059-F (shareholders) and 2059-G (subsidiaries). Nothing
 * about natural persons is read but their share. Empty lists prove no absence, unless the form was filed
 * as empty.
 */
export const dgfipLiensCapitalistiques = defineSource({ wire, donnees })({
  id: 'dgfip_liens_capitalistiques',
  administration: 'DGFiP',
  libelle: 'Liens capitalistiques',
  perimetre: 'Entreprises ayant déposé les formulaires 2059-F ou 2059-G avec leur liasse fiscale.',
  opening: 'protege',
  identifiant: 'siren',
  exclusions: [noYearBeforeThisOne],
  paths: ({ siren, today }) => {
    const year = Number(today.slice(0, 4));
    const path = `/v3/dgfip/unites_legales/${siren}/liens_capitalistiques`;
    return [`${path}/${year - 1}`, `${path}/${year - 2}`];
  },
  quota: 'json',
  scopes: ['liasse_fiscale', 'liasses_fiscales_dgfip', 'liens_capitalistiques_dgfip'],
  timeoutMs: 15_000,
  maintenance: { from: '01:00', to: '02:00' },
  freshness: { forSeconds: 86_400 },
  read: ({ data: { capital, participations } }) => {
    const holders = (capital?.actionnaires ?? []).map((holder) => ({
      type: holder.type,
      siren: holder.personne_morale_attributes?.siren ?? null,
      denomination: holder.personne_morale_attributes?.denomination ?? null,
      pourcentage: holder.pourcentage ?? null,
    }));
    return {
      statut: 'obtenu',
      donnees: {
        actionnaires_personnes_morales: holders
          .filter(({ type }) => type === 'personne_morale')
          .map(({ type, ...holder }) => holder),
        actionnaires_personnes_physiques: holders
          .filter(({ type }) => type === 'personne_physique')
          .map(({ pourcentage }) => ({ pourcentage })),
        formulaire_2059f_neant: capital?.depose_neant ?? null,
        filiales: (participations?.filiales ?? []).map(({ siren, denomination, pourcentage_detention }) => ({
          siren,
          denomination,
          pourcentage: pourcentage_detention ?? null,
        })),
        formulaire_2059g_neant: participations?.depose_neant ?? null,
      },
    };
  },
  explications: {
    obtenu:
      'La DGFiP a donné les détentions d’au moins 10 % que l’entreprise a déclarées ; une liste vide ne prouve pas qu’il n’y en a pas.',
    non_trouve:
      'La DGFiP ne trouve pas de déclaration de détentions des deux dernières années : cela ne veut pas dire que l’entreprise n’a ni actionnaire ni filiale.',
  },
  unify: (d) => {
    const holdersKnown =
      d.actionnaires_personnes_morales.length + d.actionnaires_personnes_physiques.length > 0 ||
      d.formulaire_2059f_neant;
    const subsidiariesKnown = d.filiales.length > 0 || d.formulaire_2059g_neant;
    return {
      fiscal: {
        actionnaires_personnes_morales: holdersKnown ? d.actionnaires_personnes_morales : null,
        filiales: subsidiariesKnown ? d.filiales : null,
      },
    };
  },
});
