import { type Answer, DOCUMENT } from '../answer.ts';
import { endOfMonth, lastFiledYear } from '../calendar.ts';
import { motherOf, type SyntheticCompany, turnoverOf } from './company.ts';
import { collection, single } from './envelope.ts';
import { documentOf } from './registers.ts';

/** Companies liable to IS and VAT that are still there: the only ones the tax administration answers for here. */
const isTaxed = ({ kind, ceasedOn, trade }: SyntheticCompany) =>
  kind === 'societe' && !ceasedOn && trade.sector !== 'agricole';

export function answerTaxCertificate(company: SyntheticCompany, today: string): Answer | null {
  if (!isTaxed(company) || !company.isTaxCertified) return null;
  const analysedOn = endOfMonth(today, -1);
  const answer = single({
    document_url: DOCUMENT,
    document_url_expires_in: 86_400,
    date_delivrance_attestation: today,
    date_periode_analysee: analysedOn,
  });
  const line = `Obligations de déclaration et de paiement satisfaites au ${analysedOn}`;
  return { ...answer, document: documentOf(company, 'Attestation de régularité fiscale', line) };
}

const lastThreeYears = (today: string) => [0, 1, 2].map((back) => lastFiledYear(today) - back);

export function answerTurnovers(company: SyntheticCompany, today: string): Answer | null {
  if (!isTaxed(company)) return null;
  const turnovers = lastThreeYears(today).map((year) => ({
    chiffre_affaires: turnoverOf(company, year),
    date_fin_exercice: `${year}-12-31`,
  }));
  return collection(turnovers, { count: turnovers.length });
}

const box = (code: string, code_nref: string, intitule: string, euros: number) => ({
  code,
  code_EDI: `${code}:C516:5004:1:MOA`,
  code_absolu: `2${code_nref}`,
  code_type_donnee: 'MNT',
  intitule,
  code_nref,
  valeurs: [String(Math.round(euros))],
});

/** The simplified return below 840 000 € of turnover (2033), the full one above (2050 to 2053). */
function formsOf(turnover: number) {
  if (turnover < 840_000)
    return {
      '2033A': [box('142', '304340', 'Total des capitaux propres', turnover * 0.3)],
      '2033B': [
        box('218', '304451', 'Production vendue de services', turnover),
        box('310', '304478', 'Bénéfice ou perte', turnover * 0.04),
      ],
    };
  return {
    '2051': [box('DL', '300312', 'Total des capitaux propres', turnover * 0.3)],
    '2052': [box('FL', '301408', "Chiffre d'affaires nets", turnover)],
    '2053': [box('HN', '301520', 'Bénéfice ou perte', turnover * 0.04)],
  };
}

function regimeOf({ isGroupMember }: SyntheticCompany, turnover: number) {
  if (isGroupMember) return { code: 'RNMEMBRE', libelle: 'Réel normal groupe (membre)' };
  return turnover < 840_000
    ? { code: 'RS', libelle: 'Réel simplifié' }
    : { code: 'RN', libelle: 'Réel normal' };
}

export function answerTaxReturns(company: SyntheticCompany, year: number): Answer | null {
  if (!isTaxed(company)) return null;
  const turnover = turnoverOf(company, year);
  const regime = regimeOf(company, turnover);
  const obligation = company.isGroupMember
    ? { code: 'IS GROUPE', libelle: 'Impôt sur les sociétés dû par le groupe', reference: 'ISGROUPE1' }
    : { code: 'IS', libelle: 'Impôt sur les sociétés', reference: 'IS1' };
  const declarations = Object.entries(formsOf(turnover)).map(([numero_imprime, donnees]) => ({
    numero_imprime,
    regime,
    date_declaration: `${year + 1}-05-03`,
    date_fin_exercice: `${year}-12-31`,
    duree_exercice: 365,
    millesime: `${year + 1}01`,
    donnees,
  }));
  const id = `100${company.siren}`;
  const data = { obligations_fiscales: [{ id, ...obligation, regime: regime.libelle }], declarations };
  return single(data, { internal_id_itip: id });
}

function shareholderOf(company: SyntheticCompany) {
  const { siren, firstName, town, isGroupMember, grain } = company;
  const [day, person] = [{ annee: null, mois: null }, `FICTIF ${siren} ${firstName.toUpperCase()}`];
  const mother = isGroupMember ? motherOf(company) : null;
  return {
    type: mother ? 'personne_morale' : 'personne_physique',
    pourcentage: 100,
    nombre_parts: 1000,
    personne_physique_attributes: {
      civilite: mother ? null : grain % 2 ? 'M' : 'MME',
      nom_patronymique_et_prenoms: mother ? null : person,
      nom_marital: null,
      date_naissance: day,
    },
    personne_morale_attributes: {
      siren: mother,
      denomination: mother && `SOCIÉTÉ FICTIVE ${mother}`,
      complement_denomination: null,
      forme_juridique: mother && 'SAS',
    },
    adresse: {
      numero: '0001',
      voie: 'RUE DES EXEMPLES',
      lieu_dit_hameau: null,
      code_postal: town.postcode,
      ville: town.name,
      pays: 'FR',
    },
  };
}

export function answerShareholders(company: SyntheticCompany): Answer | null {
  if (!isTaxed(company)) return null;
  const [all, none] = [
    { total_actions: 1000, nombre: 1 },
    { total_actions: null, nombre: null },
  ];
  const [physical, moral] = company.isGroupMember ? [none, all] : [all, none];
  return single({
    capital: {
      actionnaires: [shareholderOf(company)],
      repartition: { personnes_physiques: physical, personnes_morales: moral },
      depose_neant: false,
    },
    participations: { filiales: [], nombre_filiales: 0, depose_neant: true },
  });
}

/** Turnover above which the Banque de France rates a company, in euros. */
const RATED_TURNOVER = 1_250_000;

function balanceSheetOf(company: SyntheticCompany, year: number) {
  const turnover = turnoverOf(company, year);
  const evolution = Math.round((turnover / turnoverOf(company, year - 1) - 1) * 10_000) / 100;
  const euros = (part: number) => ({ valeur: String(Math.round(turnover * part)), evolution });
  return {
    annee: String(year),
    date_arrete_exercice: `${year}-12`,
    declarations: [
      {
        numero_imprime: '2052',
        donnees: [{ ...box('FL', '301408', "Chiffre d'affaires nets", turnover), evolution }],
      },
    ],
    valeurs_calculees: [
      {
        disponibilites: euros(0.09),
        total_dettes_stables: euros(0.12),
        valeur_ajoutee_bdf: euros(0.45),
        besoin_en_fonds_de_roulement: euros(0.14),
        excedent_brut_exploitation: euros(0.08),
        capacite_autofinancement: euros(0.06),
        fonds_roulement_net_global: euros(0.19),
        ratio_fonds_roulement_net_global_sur_besoin_en_fonds_de_roulement: {
          valeur: 135.71,
          evolution: null,
        },
        dettes4_maturite_a_un_an_au_plus: euros(0.11),
      },
    ],
  };
}

export function answerBalanceSheets(company: SyntheticCompany, today: string): Answer | null {
  if (!isTaxed(company) || company.turnover < RATED_TURNOVER) return null;
  const sheets = lastThreeYears(today).map((year) => balanceSheetOf(company, year));
  return collection(sheets, { count: sheets.length });
}
