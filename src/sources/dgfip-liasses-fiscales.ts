import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import type { Sections } from '../dossier/unified.ts';
import { single } from './envelope.ts';
import { defineSource } from './source.ts';
import { codeLibelle, text } from './wire-values.ts';

const identifier = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => String(value ?? '').trim() || null);
const days = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).nullish();

const wire = single(
  z.object({
    obligations_fiscales: z.array(z.object({ code: text, libelle: text, regime: text })).nullish(),
    declarations: z
      .array(
        z.object({
          numero_imprime: identifier,
          regime: codeLibelle,
          date_fin_exercice: text,
          duree_exercice: days,
        }),
      )
      .nullish(),
  }),
);

const texte = z.string().nullable();
const donnees = z
  .object({
    obligations_fiscales: z.array(z.object({ code: texte, libelle: texte, regime: texte })),
    declarations: z
      .array(
        z.object({
          imprime: texte.describe('Numéro du formulaire déposé'),
          regime: texte.describe('Code du régime d’imposition'),
          date_fin_exercice: z.iso.date().nullable(),
          duree_exercice_jours: z.number().nullable(),
        }),
      )
      .describe('Formulaires déposés ; un formulaire corrigé paraît deux fois'),
  })
  .meta({ id: 'DonneesDgfipLiassesFiscales' });
type Donnees = z.infer<typeof donnees>;

const GROUP_CODES = ['IS GROUPE', 'RNMEMBRE', 'RNGROUPE'];
const OTHER_CODES = ['IS', 'BIC', 'BA', 'BNC', 'RN', 'RS', 'RSI', 'DECC'];

/** A code that nobody documented could be one of a group: belonging is then unknown, not denied. */
function groupeFiscalOf({
  obligations_fiscales,
  declarations,
}: Donnees): Sections['fiscal']['groupe_fiscal'] {
  const regimes = declarations.map(({ regime }) => regime);
  const codes = [...obligations_fiscales.map(({ code }) => code), ...regimes].map((code) => code ?? '');
  if (codes.some((code) => GROUP_CODES.includes(code))) {
    const member = regimes.includes('RNMEMBRE') ? 'filiale' : 'inconnu';
    return { membre: true, role: regimes.includes('RNGROUPE') ? 'mere' : member };
  }
  const understood = codes.length > 0 && codes.every((code) => OTHER_CODES.includes(code));
  return understood ? { membre: false, role: null } : null;
}

/**
 * Which tax forms were filed and under which regime: what reveals a tax group (CGI 223 A), in which the
 * mother files for the whole (RNGROUPE) beside her own form (RNMEMBRE). The thousands of boxes of the forms
 * are not read. Last year's forms may be missing until mid-May: the year before is asked then.
 */
export const dgfipLiassesFiscales = defineSource({ wire, donnees })({
  id: 'dgfip_liasses_fiscales',
  administration: 'DGFiP',
  libelle: 'Liasses fiscales',
  perimetre: 'Entreprises aux régimes réels d’imposition ayant déposé une liasse. Hors régimes micro.',
  opening: 'protege',
  identifiant: 'siren',
  paths: ({ siren, today }) => {
    const year = Number(today.slice(0, 4));
    const path = `/v3/dgfip/unites_legales/${siren}/liasses_fiscales`;
    return [`${path}/${year - 1}`, `${path}/${year - 2}`];
  },
  quota: 'json',
  scopes: ['liasse_fiscale', 'liasses_fiscales_dgfip'],
  timeoutMs: 15_000,
  freshness: { forSeconds: 86_400 },
  read: ({ data }) => ({
    statut: 'obtenu',
    donnees: {
      obligations_fiscales: data.obligations_fiscales ?? [],
      declarations: (data.declarations ?? []).map((declaration) => ({
        imprime: declaration.numero_imprime,
        regime: declaration.regime?.code ?? null,
        date_fin_exercice: dayIn(declaration.date_fin_exercice),
        duree_exercice_jours: declaration.duree_exercice ?? null,
      })),
    },
  }),
  explications: {
    obtenu: 'La DGFiP a donné le régime d’imposition et la liste des formulaires déposés.',
    non_trouve:
      'La DGFiP ne trouve pas de liasse fiscale des deux dernières années (régime micro, premier exercice, dépôt à venir) : cela ne dit rien de la régularité de l’entreprise.',
  },
  unify: (d) => ({ fiscal: { groupe_fiscal: groupeFiscalOf(d) } }),
});
