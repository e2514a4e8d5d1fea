import t from 'tap';
import { readSchema } from '../../src/formulaires/read-schema.ts';
import {
  forms,
  HELD_BY_NOBODY,
  isFor,
  openForms,
  type Prefilled,
  personaNames,
  prefill,
} from '../helpers/persona-forms.ts';

const app = await openForms(t, Date.parse('2026-11-26T10:00:00Z'));
const answers = new Map<string, Prefilled>();
for (const name of personaNames) {
  for (const form of forms.filter((one) => isFor(one, name))) {
    answers.set(`${form.id} ${name}`, await prefill(app, form, name));
  }
}
const of = (form: string, name: string) => answers.get(`${form} ${name}`) as Prefilled;

t.test('each form asks of a dossier only what dossiers have', async (t) => {
  t.strictSame(
    forms.map(({ id }) => id),
    ['dc1', 'dc2', 'dc4', 'cerfa-12156', 'aide-entreprise'],
  );
  for (const { id, schema } of forms) t.equal(readSchema(schema), schema, id);
});

t.test('whatever the persona, every field that an administration holds is filled', async (t) => {
  for (const [name, { remplis, non_remplis }] of answers) {
    const others = non_remplis.filter(({ raison }) => !HELD_BY_NOBODY.includes(raison));
    t.strictSame(others, [], name);
    t.ok(remplis.length > 0, name);
  }
});

t.test('what is left to ask is a schema, and names nothing that is filled', async (t) => {
  for (const [name, { a_completer, valeurs }] of answers) {
    t.equal(readSchema(a_completer), a_completer, name);
    t.notOk(JSON.stringify(a_completer).includes('"x-dlnuf":"/siret"'), name);
    t.ok(JSON.stringify(valeurs).includes('DEMO-2026-001'), `${name}: the request itself is used`);
  }
});

t.test('DC1 of a company in order', async (t) => {
  const { acheteur, consultation, candidat } = of('dc1', 'pme-en-regle').valeurs;
  t.strictSame(acheteur, {
    siret: '13002526500013',
    designation: 'Direction interministérielle du numérique',
  });
  t.strictSame(consultation, { reference: 'DEMO-2026-001' });
  t.strictSame(candidat, {
    denomination: 'ATELIER NUMÉRIQUE DES QUAIS',
    nom_commercial: "L'ATELIER DES QUAIS",
    siret: '00001140300029',
    siret_siege: '00001140300029',
    adresse: {
      lignes: 'ATELIER NUMÉRIQUE DES QUAIS, BATIMENT C, 18 QUAI DE LA FOSSE, 44000 NANTES, FRANCE',
      code_postal: '44000',
      commune: 'NANTES',
    },
    forme_juridique: { code: '5710', libelle: 'SAS, société par actions simplifiée' },
    representant: { nom: 'VASSEUR', prenoms: 'CAMILLE', qualite: 'PRESIDENT' },
  });
});

t.test('DC2 of a company in order: three exercises, registers, headcounts', async (t) => {
  const { valeurs, a_completer } = of('dc2', 'pme-en-regle');
  t.strictSame(valeurs.capacite_economique.chiffres_affaires, [
    { exercice_clos_le: '2025-12-31', chiffre_affaires_euros: 4318250 },
    { exercice_clos_le: '2024-12-31', chiffre_affaires_euros: 3904610 },
    { exercice_clos_le: '2023-12-31', chiffre_affaires_euros: 3652980 },
  ]);
  t.strictSame(valeurs.aptitude.registre_commerce, {
    greffe: 'NANTES',
    numero: '000011403',
    date_immatriculation: '2015-05-18',
  });
  t.match(valeurs.capacite_technique, { effectif_moyen_annuel: { annee: '2025', effectif: 34.25 } });
  t.match(a_completer, {
    properties: {
      aptitude: { required: ['redressement_judiciaire'] },
      candidat: { required: ['courriel', 'telephone', 'pme'] },
    },
  });
  t.notOk('nature' in valeurs.capacite_technique);
});

t.test(
  'DC2 of a builder has its qualifications; a company without accounts is left its turnover to give',
  async (t) => {
    const { qualibat } = of('dc2', 'entreprise-batiment').valeurs.capacite_technique;
    t.ok(qualibat.length > 0 && qualibat[0].libelle);
    const young = of('dc2', 'entreprise-creee-cette-annee');
    t.notOk('capacite_economique' in young.valeurs);
    t.match(young.a_completer, { properties: { capacite_economique: { required: ['chiffres_affaires'] } } });
  },
);

t.test('what registers, certificates and insurances say of a candidate is in its DC2', async (t) => {
  const { aptitude } = of('dc2', 'liquidation-judiciaire').valeurs;
  t.match(aptitude.mentions_rcs, [{ texte: /redressement/ }, { date: /^20\d\d-/, texte: /liquidation/ }]);
  t.notOk('redressement_judiciaire' in aptitude, 'a mention is no declaration');
  const { capacite_economique, capacite_technique } = of('dc2', 'entreprise-batiment').valeurs;
  t.match(capacite_economique, {
    assurance_risques_professionnels: { assureur: /./, numero_police: /./ },
    assurance_decennale: { assureur: /./, numero_police: /./ },
  });
  t.type(capacite_technique.qualibat[0].rge, 'boolean');
  const trainer = of('dc2', 'pme-en-regle').valeurs;
  t.match(trainer.aptitude.numero_declaration_activite, /^\d{11}$/);
  t.type(trainer.capacite_technique.autres_certifications_qualiopi.apprentissage, 'boolean');
});

t.test('DC4 of an artisan has the other register, and a headcount its year', async (t) => {
  const { sous_traitant } = of('dc4', 'entrepreneur-individuel-ir').valeurs;
  t.match(sous_traitant.registre_national_entreprises, { nature: /./, date_immatriculation: /^\d{4}-/ });
  t.match(of('dc4', 'pme-en-regle').valeurs.capacites, {
    effectif_moyen_annuel: 34.25,
    annee_effectif: '2025',
  });
});

t.test(
  'an association is known to its form, an association of Alsace-Moselle by its own register',
  async (t) => {
    const { valeurs, remplis } = of('cerfa-12156', 'association-rna');
    t.match(valeurs.association, {
      siret: /^\d{14}$/,
      numero_rna: /^W\d{9}$/,
      adresse_gestion: '12 rue VITRUVE, 75020 PARIS 20E ARRONDISSEMENT',
    });
    t.strictSame(valeurs.relations_associations, {
      reseaux: [{ nom: 'Fédération fictive des jardins collectifs' }],
      adherents_personnes_morales: [{ nom: 'Le Potager de la Butte' }],
    });
    t.match(valeurs.moyens_humains, { emplois_aides: 1, agents_mis_a_disposition: 0 });
    const network = remplis.find(({ champ }) => champ === '/relations_associations/reseaux/0/nom');
    t.equal(network?.source, 'djepva_association');
    const { association } = of('cerfa-12156', 'association-alsace-moselle').valeurs;
    t.match(association.inscription_alsace_moselle, {
      tribunal: /./,
      volume: /./,
      folio: /./,
      date_publication: /^\d{4}-\d\d-\d\d$/,
    });
    t.notOk('adresse_gestion' in association, 'its offices are at its head office');
  },
);

t.test('the size category comes with its date, and never as the size that the aid asks for', async (t) => {
  const { valeurs, a_completer } = of('aide-entreprise', 'pme-en-regle');
  t.match(valeurs.taille, {
    categorie: 'PME',
    annee_effectif_insee: '2024',
    mise_a_jour_insee: '2026-11-06',
    effectif_moyen_annuel: 34.25,
    annee_effectif: '2025',
    exercice_clos_le: '2025-12-31',
    chiffre_affaires_euros: 4318250,
  });
  t.match(a_completer, { properties: { taille: { required: ['categorie_europeenne'] } } });
});

t.test(
  'whatever form shows the size category, its year and the state of the register stand beside it',
  async (t) => {
    for (const name of personaNames) {
      const { remplis, valeurs } = of('aide-entreprise', name);
      const category = remplis.find(({ champ }) => champ === '/taille/categorie');
      // Of who employs nobody, Insee says no year: the day of its register is then all that dates the category.
      const se_rapporte_a = valeurs.taille?.annee_effectif_insee ?? null;
      if (category) t.match(category, { se_rapporte_a, source_a_jour_au: /^20\d\d-\d\d-\d\d$/ }, name);
    }
    t.equal(of('aide-entreprise', 'pme-en-regle').valeurs.taille.annee_effectif_insee, '2024');
    const { remplis } = of('dc2', 'pme-en-regle');
    const periods = Object.fromEntries(remplis.map((field) => [field.champ, field.se_rapporte_a]));
    t.match(periods, {
      '/candidat/denomination': null,
      '/capacite_economique/chiffres_affaires/1/chiffre_affaires_euros': '2024-12-31',
      '/capacite_technique/effectif_moyen_annuel/effectif': '2025',
      '/capacite_technique/effectif_moyen_mensuel/effectif': /^2026-\d\d$/,
    });
  },
);
