import t, { type Test } from 'tap';
import { build, collectOf, fact, GOOD, RECIPIENT, SIRET } from '../helpers/app.ts';
import { until } from '../helpers/start-gateway.ts';
import { filesIn } from '../helpers/zips.ts';

const OFFICERS = 'infogreffe_mandataires_sociaux';
const OFFICER = {
  type: 'personne_physique',
  fonction: 'GERANT',
  nom: 'MARTIN',
  prenoms: 'Zoé',
  denomination: null,
  siren: null,
  date_naissance: '1965-01-27',
  lieu_naissance: 'ROUBAIX',
};
const OF_AID = GOOD.replace('marche_public', 'aide_publique');
const BIRTH = /1965-01-27|ROUBAIX/;

async function gateway(t: Test) {
  return build(t, collectOf({ [OFFICERS]: fact('obtenu', { mandataires_sociaux: [OFFICER] }) }));
}

t.test('the birth of officers is for who checks a ban from tendering', async (t) => {
  const app = await gateway(t);
  const [officer] = (await app.inject(GOOD)).json().data.pieces[OFFICERS].donnees.mandataires_sociaux;
  t.match(officer, OFFICER);
});

t.test('aid is given their names without it, whatever the way, also of what tenders had kept', async (t) => {
  const app = await gateway(t);
  await app.inject(GOOD);
  const { data } = (await app.inject(OF_AID)).json();
  t.strictSame(data.pieces[OFFICERS].donnees.mandataires_sociaux, [
    { ...OFFICER, date_naissance: null, lieu_naissance: null },
  ]);
  t.match(data.identite.dirigeants, [{ nom: 'MARTIN' }]);
  const zip = await filesIn((await app.inject(OF_AID.replace('?', '/documents.zip?'))).rawPayload);
  const events = await app.inject({ url: OF_AID, headers: { accept: 'text/event-stream' } });
  const asked = { siret: SIRET, object: '2026-001', recipient: RECIPIENT };
  const form = await app.inject({
    method: 'POST',
    url: '/v1/formulaires/preremplissage',
    payload: { ...asked, usage: 'aide_publique', formulaire: 'aide-entreprise' },
  });
  const posted = await app.inject({
    method: 'POST',
    url: '/v1/demandes#aide_publique',
    payload: asked,
  });
  const followed = `${posted.json().links.self}#aide_publique`;
  await until(async () => (await app.inject(followed)).json().data.statut !== 'en_cours', 30_000);
  const ways = {
    zip: String(zip.get('dossier.json')),
    events: events.body,
    form: form.body,
    followed: (await app.inject(followed)).body,
  };
  for (const [way, body] of Object.entries(ways)) {
    t.match(body, 'MARTIN', way);
    t.notMatch(body, BIRTH, way);
  }
});
