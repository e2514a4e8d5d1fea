import { z } from 'zod';
import { dayIn } from '../dossier/time.ts';
import type { Sections } from '../dossier/unified.ts';
import { single } from './envelope.ts';
import type { Reading, Subject } from './source.ts';
import { codeLibelle, text } from './wire-values.ts';

export const attestationWire = single(
  z.object({
    document_url: z.string().min(1),
    date_delivrance_attestation: text,
    date_periode_analysee: text,
  }),
);

export const attestationSchema = z
  .object({
    date_delivrance: z.iso.date().nullable(),
    date_periode_analysee: z.iso
      .date()
      .nullable()
      .describe('Jour auquel la situation est appréciée : le dernier du mois précédent'),
  })
  .meta({ id: 'DonneesDgfipAttestationFiscale' });

/** It names no end of validity: it speaks of the last day of the month before. */
export function readAttestation({
  data,
}: z.output<typeof attestationWire>): Reading<z.output<typeof attestationSchema>> {
  const analysedOn = dayIn(data.date_periode_analysee);
  return {
    statut: 'obtenu',
    donnees: {
      date_delivrance: dayIn(data.date_delivrance_attestation),
      date_periode_analysee: analysedOn,
    },
    validite: { du: analysedOn, au: null },
    link: data.document_url,
  };
}

const identifier = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => String(value ?? '').trim() || null);
const days = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).nullish();

export const liassesWire = single(
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
export const liassesSchema = z
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
type Liasses = z.infer<typeof liassesSchema>;

export function readLiasses({ data }: z.output<typeof liassesWire>): Reading<Liasses> {
  return {
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
  };
}

/** Last year's returns may be missing until mid-May: the year before is asked then. */
export function liassesPaths(siren: string, today: Subject['today']): [string, string] {
  const year = Number(today.slice(0, 4));
  const path = `/v3/dgfip/unites_legales/${siren}/liasses_fiscales`;
  return [`${path}/${year - 1}`, `${path}/${year - 2}`];
}

const GROUP_CODES = ['IS GROUPE', 'RNMEMBRE', 'RNGROUPE'];
const OTHER_CODES = ['IS', 'BIC', 'BA', 'BNC', 'RN', 'RS', 'RSI', 'DECC'];

/** A code that nobody documented could be one of a group: belonging is then unknown, not denied. */
export function groupeFiscalOf({
  obligations_fiscales,
  declarations,
}: Liasses): Sections['fiscal']['groupe_fiscal'] {
  const regimes = declarations.map(({ regime }) => regime);
  const codes = [...obligations_fiscales.map(({ code }) => code), ...regimes].map((code) => code ?? '');
  if (codes.some((code) => GROUP_CODES.includes(code))) {
    const member = regimes.includes('RNMEMBRE') ? 'filiale' : 'inconnu';
    return { membre: true, role: regimes.includes('RNGROUPE') ? 'mere' : member };
  }
  const understood = codes.length > 0 && codes.every((code) => OTHER_CODES.includes(code));
  return understood ? { membre: false, role: null } : null;
}
