import t from 'tap';
import { z } from 'zod';
import { sectionsSchema } from '../../src/dossier/unified.ts';
import { forms } from '../../src/formulaires/forms.ts';
import {
  ANNOTATION,
  isJsonObject,
  type JsonSchema,
  namedSchemas,
} from '../../src/formulaires/json-schema.ts';
import { catalog } from '../../src/sources/catalog.ts';

interface Reason {
  /** Why no source gives it. */
  pourquoi: string;
  /** How a source would call it: none may give a value of such a name. */
  noms?: string[];
  champs: string[];
}

const CONTACTS = ['courriel', 'telephone', 'representant/courriel'];
const within = (place: string, names: string[]) => names.map((name) => `${place}/${name}`);

/** Every field of the ready-made forms that is filled by nobody but the company, and why. */
const REASONS: Reason[] = [
  {
    pourquoi: "Aucune source ne donne les coordonnées d'une entreprise ni de ses dirigeants.",
    noms: ['courriel', 'telephone', 'email', 'site_web'],
    champs: [
      ...within('dc1/candidat', CONTACTS),
      ...within('dc2/candidat', CONTACTS),
      ...within('dc4/sous_traitant', CONTACTS),
      ...within('aide-entreprise/entreprise', CONTACTS),
      'cerfa-12156/association/site_web',
    ],
  },
  {
    pourquoi:
      "L'annuaire des associations les donne : des personnes, la passerelle ne lit que le nom et la fonction (minimisation).",
    noms: ['courriel', 'telephone'],
    champs: within('cerfa-12156/association/representant_legal', ['telephone', 'courriel']),
  },
  {
    pourquoi: "L'association désigne qui suit sa demande : aucune source ne le sait.",
    champs: within('cerfa-12156/association/personne_chargee', ['nom', 'telephone', 'courriel']),
  },
  {
    pourquoi:
      'Des liasses (imprimé 2051), la passerelle ne lit que les régimes et les dates, pas les montants.',
    noms: ['capitaux_propres', 'capitaux_propres_euros'],
    champs: ['aide-entreprise/comptes/capitaux_propres_euros'],
  },
  {
    pourquoi: 'Le registre national des aides de minimis n’est pas une source de la passerelle.',
    noms: ['aides_de_minimis', 'aides_de_minimis_euros'],
    champs: ['aide-entreprise/projet/aides_de_minimis_euros'],
  },
  {
    pourquoi: "Aucune source ne donne de coordonnées bancaires : l'entreprise choisit son compte.",
    noms: ['iban', 'bic', 'rib'],
    champs: [
      ...within('dc4/paiement/compte', ['titulaire', 'iban', 'bic']),
      'cerfa-12156/attestations/iban',
      'aide-entreprise/paiement/iban',
    ],
  },
  {
    pourquoi:
      "La consultation, ou le marché, est celle de l'acheteur : la demande n'en dit que la référence.",
    noms: ['intitule', 'lots'],
    champs: ['dc1/consultation/intitule', 'dc2/consultation/intitule', 'dc4/marche/intitule'],
  },
  {
    pourquoi: "C'est ce à quoi le candidat se présente, et comment : il le choisit.",
    champs: [
      ...within('dc1/candidature', ['portee', 'lots']),
      ...within('dc1/groupement', ['se_presente', 'mandataire_solidaire', 'mandataire/habilitation']),
      ...within('dc1/engagements', ['capacites', 'preuves_en_ligne/adresse', 'preuves_en_ligne/acces']),
      ...within('dc1/signature', ['lieu', 'date']),
      'dc2/candidat/marche_reserve',
      'dc2/sous_traitance_envisagee',
    ],
  },
  {
    pourquoi:
      "Un dossier est celui d'une entreprise : les autres membres, les tiers et le titulaire ont chacun le leur.",
    champs: [
      ...within('dc1/groupement', ['membres/siret', 'membres/denomination', 'membres/prestations']),
      'dc1/groupement/mandataire/siret',
      ...within('dc2/capacites_de_tiers', ['siret', 'denomination', 'capacites']),
      ...within('dc4/titulaire', ['siret', 'denomination']),
    ],
  },
  {
    pourquoi:
      "C'est une déclaration sur l'honneur ou un engagement : nul ne la fait à la place de l'entreprise.",
    champs: [
      ...within('dc1/engagements', ['absence_exclusion', 'obligation_emploi_handicap']),
      'dc4/engagements/absence_exclusion',
      ...within('cerfa-12156/attestations', ['a_jour', 'contrat_engagement_republicain']),
      'aide-entreprise/regularite/pas_en_difficulte',
    ],
  },
  {
    pourquoi:
      "La taille se juge avec les entreprises liées, et l'entreprise la déclare : la catégorie de l'Insee ne la prouve pas.",
    noms: ['pme', 'categorie_europeenne'],
    champs: ['dc2/candidat/pme', 'dc4/sous_traitant/pme', 'aide-entreprise/taille/categorie_europeenne'],
  },
  {
    pourquoi:
      'Les registres tiennent des mentions en texte libre, jointes au formulaire : elles ne disent ni oui ni non.',
    noms: ['redressement_judiciaire', 'procedure_collective'],
    champs: ['dc2/aptitude/redressement_judiciaire'],
  },
  {
    pourquoi: "Ni ordre professionnel ni autorité d'autorisation n'est une source de la passerelle.",
    noms: ['autorisation', 'autorisations'],
    champs: ['dc2/aptitude/autorisation_specifique'],
  },
  {
    pourquoi: "L'entreprise seule connaît ses marchés, ses moyens et sa banque.",
    noms: ['references', 'materiel', 'part_du_marche_pourcentage'],
    champs: [
      ...within('dc2/capacite_technique/references', ['objet', 'destinataire', 'annee', 'montant_euros']),
      'dc2/capacite_technique/moyens',
      'dc2/capacite_economique/chiffres_affaires/part_du_marche_pourcentage',
      'dc2/capacite_economique/declaration_banque',
    ],
  },
  {
    pourquoi: 'Les termes du contrat de sous-traitance sont entre ses parties.',
    champs: [
      'dc4/declaration/nature',
      ...within('dc4/prestations', [
        'nature',
        'donnees_personnelles',
        'montant_hors_taxes_euros',
        'taux_tva_pourcentage',
        'autoliquidation',
        'modalites_variation_prix',
      ]),
      ...within('dc4/paiement', ['paiement_direct', 'avance']),
    ],
  },
  {
    pourquoi: "C'est ce que le demandeur veut faire, et ce qu'il demande : rien n'en existe avant lui.",
    champs: [
      ...within('cerfa-12156/administration', ['forme', 'objet', 'frequence']),
      ...within('cerfa-12156/budget/previsionnel', [
        'annee',
        'charges_euros',
        'produits_euros',
        'subvention_demandee_euros',
      ]),
      ...within('cerfa-12156/projet', [
        'intitule',
        'objectifs',
        'description',
        'beneficiaires',
        'territoire',
      ]),
      ...within('cerfa-12156/projet/periode', ['du', 'au']),
      ...within('aide-entreprise/projet', ['intitule', 'description', 'cout_euros', 'aide_demandee_euros']),
    ],
  },
];

/** Of a form, the fields that have no annotation, by the names that lead to them. */
function notAnnotated(schema: JsonSchema, place: string): string[] {
  const items = isJsonObject(schema) && isJsonObject(schema.items) ? schema.items : schema;
  const inner = namedSchemas(items, 'properties');
  if (inner.length > 0) return inner.flatMap(([name, one]) => notAnnotated(one, `${place}/${name}`));
  return isJsonObject(schema) && ANNOTATION in schema ? [] : [place];
}

/** The names of all values that a dossier may have. */
function namesIn(schema: unknown): string[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return namesIn(schema.unwrap());
  if (schema instanceof z.ZodArray) return namesIn(schema.element);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, one]) => [name, ...namesIn(one)]);
}

const given = new Set([
  ...namesIn(sectionsSchema),
  ...catalog.flatMap(({ schemas }) => namesIn(schemas.donnees)),
]);
const left = forms.flatMap(({ id, schema }) => notAnnotated(schema, id));

t.test(
  'each field that nobody fills but the company has its reason written, and each reason its field',
  async (t) => {
    const explained = REASONS.flatMap(({ champs }) => champs);
    t.strictSame(left.toSorted(), explained.toSorted());
  },
);

t.test(
  'what is said to be given by no source is not: once one reads it, it is to be annotated',
  async (t) => {
    for (const { pourquoi, noms = [] } of REASONS) {
      const found = noms.filter((name) => given.has(name));
      t.strictSame(found, [], pourquoi);
    }
    t.ok(given.has('chiffres_affaires') && given.has('nombre_salaries'), 'names of all depths are looked at');
  },
);

t.test('most fields are annotated, sections of capacities above all', async (t) => {
  const of = (place: string) => left.filter((champ) => champ.startsWith(place));
  t.strictSame(of('dc2/aptitude'), [
    'dc2/aptitude/autorisation_specifique',
    'dc2/aptitude/redressement_judiciaire',
  ]);
  t.strictSame(of('dc4/capacites'), []);
  t.strictSame(of('cerfa-12156/relations_administration'), []);
  t.strictSame(of('cerfa-12156/relations_associations'), []);
  t.strictSame(of('cerfa-12156/moyens_humains'), []);
  t.strictSame(of('aide-entreprise/liens'), []);
});
