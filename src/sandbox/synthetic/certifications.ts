import { type Answer, DOCUMENT } from '../answer.ts';
import { dayAfter } from '../calendar.ts';
import type { SyntheticCompany } from './company.ts';
import { collection, single } from './envelope.ts';
import { documentOf } from './registers.ts';

const INSURER = 'ASSURANCE FICTIVE';
const holds = ({ isCertified, ceasedOn, trade }: SyntheticCompany, ...codes: string[]) =>
  isCertified && !ceasedOn && codes.includes(trade.rev2);

/** When a certificate of two years began: some day of the year before `today`. */
const beganOn = ({ grain }: SyntheticCompany, today: string) => dayAfter(today, -3 * grain - 1);

export function answerQualibat(company: SyntheticCompany, today: string): Answer | null {
  if (!holds(company, '43.34Z', '41.20B')) return null;
  const began = beganOn(company, today);
  const insurance = { nom: INSURER, identifiant: company.siren };
  const certification = {
    code: '6111',
    libelle: 'Peinture et ravalement',
    rge: false,
    date_attribution: began,
  };
  const answer = single({
    document_url: DOCUMENT,
    document_url_expires_in: 86_400,
    date_emission: began,
    date_fin_validite: dayAfter(began, 365),
    entity: {
      assurance_responsabilite_travaux: insurance,
      assurance_responsabilite_civile: insurance,
      certifications: [certification],
    },
  });
  return { ...answer, document: documentOf(company, 'Certificat Qualibat') };
}

export function answerQualifelec(company: SyntheticCompany, today: string): Answer | null {
  if (!holds(company, '43.21A')) return null;
  const date_debut = beganOn(company, today);
  const period = { date_debut, date_fin: dayAfter(date_debut, 365) };
  const insurance = { nom: INSURER, ...period };
  const certificate = {
    document_url: DOCUMENT,
    numero: Number(company.siren.slice(0, 5)),
    rge: company.grain % 2 === 0,
    ...period,
    qualification: {
      label: 'Installations électriques logement, commerce, petit tertiaire',
      ...period,
      indices: [{ code: 'LCPT1', label: 'Logement, commerce, petit tertiaire, indice 1' }],
      mentions: [{ code: 'RGE', label: "Reconnu garant de l'environnement" }],
      domaines: [],
      classification: { code: 1, label: 'Classe 1 - de 1 à 3 exécutants' },
    },
    assurance_decennale: insurance,
    assurance_civile: insurance,
  };
  return { ...collection([certificate]), document: documentOf(company, 'Certificat Qualifelec') };
}

export function answerOpqibi(company: SyntheticCompany, today: string): Answer | null {
  if (!holds(company, '71.12B')) return null;
  const began = beganOn(company, today);
  return single({
    numero_certificat: company.siren.slice(0, 8),
    url: `https://bac-a-sable.invalid/opqibi/${company.siren}`,
    date_delivrance_certificat: began,
    duree_validite_certificat: 'valable un an',
    assurances: INSURER,
    qualifications: [
      {
        nom: 'Audit énergétique des bâtiments',
        code_qualification: '1905',
        definition: 'Audit complet',
        rge: true,
      },
    ],
    date_validite_qualifications: dayAfter(began, 4 * 365),
    qualifications_probatoires: [],
    date_validite_qualifications_probatoires: null,
  });
}

export function answerRge(company: SyntheticCompany, today: string): Answer | null {
  if (!holds(company, '43.21A', '41.20B')) return null;
  const began = beganOn(company, today);
  const internal_id = `FICTIF-${company.siren}`;
  return collection([
    {
      url: `https://bac-a-sable.invalid/rge/${internal_id}`,
      nom_certificat: 'Ventilation',
      domaine: 'Ventilation mécanique',
      meta_domaine: "Travaux d'efficacité énergétique",
      qualification: { code: 'VMC', nom: 'Ventilation (VMC)' },
      organisme: 'qualifelec',
      date_attribution: began,
      date_expiration: dayAfter(began, 365),
      meta: { internal_id, updated_at: dayAfter(today, -3), archived: false },
    },
  ]);
}

export function answerQualiopi(company: SyntheticCompany, today: string): Answer | null {
  if (!holds(company, '85.59A')) return null;
  const none = { code: null, libelle: null };
  const lastYear = Number(today.slice(0, 4)) - 1;
  const declaration = {
    numero_de_declaration: company.siren.padStart(11, '1'),
    actif: true,
    date_derniere_declaration: dayAfter(today, -200),
    date_debut_exercice: `${lastYear}-01-01`,
    date_fin_exercice: `${lastYear}-12-31`,
    certification_qualiopi: {
      action_formation: true,
      bilan_competences: false,
      validation_acquis_experience: false,
      apprentissage: company.grain % 4 === 0,
      obtention_via_unite_legale: false,
    },
    specialites: {
      specialite_1: { code: '326', libelle: 'Informatique' },
      specialite_2: none,
      specialite_3: none,
    },
  };
  return single({
    siret: company.siret,
    code_uai: null,
    unite_legale_avec_plusieurs_nda: false,
    declarations_activites_etablissement: [declaration],
    habilitations_france_competence: [],
  });
}
