import type { FastifyInstance } from 'fastify';
import type { Endpoint } from './endpoints/endpoint.ts';
import { endpoints } from './endpoints.ts';
import { endOf, type Fault, type Faults } from './faults.ts';
import type { MaintenanceEnd } from './maintenance.ts';
import { sendAnswer } from './send-answer.ts';
import { JSON_TYPE, jsonAnswer } from './wire-answer.ts';

const CONGES_PAYES = 'attestation_cotisations_conges_payes_chomage_intemperies';

/** Name of a provider's source, and the endpoint whose health it tells. */
const PINGS: Readonly<Record<string, string>> = {
  'insee/sirene': 'insee_etablissement',
  'infogreffe/rcs': 'infogreffe_extrait_rcs',
  'inpi/rne': 'inpi_extrait_rne',
  'inpi/rne/actes_bilans': 'inpi_actes_bilans',
  'djepva/api-association': 'djepva_association',
  'european_commission/numero_tva': 'commission_europeenne_numero_tva',
  'douanes/immatriculations_eori': 'douanes_eori',
  'dgfip/attestation_fiscale': 'dgfip_attestation_fiscale',
  'dgfip/chiffre_affaires': 'dgfip_chiffres_affaires',
  'dgfip/liasses_fiscales': 'dgfip_liasses_fiscales',
  'banque_de_france/bilans': 'banque_de_france_bilans',
  'urssaf/attestation_sociale': 'urssaf_attestation_vigilance',
  'msa/conformite_cotisations': 'msa_conformite_cotisations',
  'probtp/cotisations_retraite': 'probtp_conformite_cotisations_retraite',
  [`cibtp/${CONGES_PAYES}`]: 'cibtp_attestation_conges_payes',
  [`cnetp/${CONGES_PAYES}`]: 'cnetp_attestation_conges_payes',
  'gip_mds/effectifs': 'gip_mds_effectifs_annuels',
  'fabrique_numerique_ministeres_sociaux/conventions_collectives': 'conventions_collectives',
  'qualibat/certifications': 'qualibat_certification',
  'qualifelec/certificats': 'qualifelec_certificats',
  'opqibi/certification_ingenierie': 'opqibi_certification',
  'fntp/carte_professionnelle_travaux_publics': 'fntp_carte_professionnelle',
  'ademe/certification_rge': 'ademe_certification_rge',
  'carif_oref/qualiopi': 'carif_oref_qualiopi',
  'data_subvention/subventions': 'data_subvention_subventions',
};

interface PingOptions {
  baseUrl: () => string;
  faults: Faults;
  maintenanceEnd: MaintenanceEnd | null;
  now: () => number;
}

/** Health of the hub and of each provider: no token, no quota. */
export function pingRoutes(
  app: FastifyInstance,
  { baseUrl, faults, maintenanceEnd, now }: PingOptions,
): void {
  const alive = jsonAnswer(200, JSON_TYPE, { status: 'ok' });
  for (const path of ['/v2/ping', '/v3/ping']) app.get(path, (_, reply) => sendAnswer(reply, alive));

  app.get('/pings', (_, reply) => {
    const list = Object.keys(PINGS).map((name) => ({ name, url: `${baseUrl()}/ping/${name}` }));
    return sendAnswer(reply, jsonAnswer(200, JSON_TYPE, list));
  });

  app.get<{ Params: { '*': string } }>('/ping/*', (request, reply) => {
    const endpoint = endpoints.find(({ id }) => id === PINGS[request.params['*']]);
    if (!endpoint) return sendAnswer(reply, jsonAnswer(404, JSON_TYPE, { status: 'unknown' }));
    const health = healthOf(endpoint);
    return sendAnswer(reply, jsonAnswer(health.status === 'bad_gateway' ? 502 : 200, JSON_TYPE, health));
  });

  function healthOf(endpoint: Endpoint) {
    const at = new Date(now()).toISOString();
    const staged = faults.planOf(endpoint.id).find(({ maintenance }) => maintenance)?.maintenance;
    const endsAtMs = staged ? endOf(staged, now()) : maintenanceEnd?.(endpoint);
    const seen = { last_update: at, last_ok_status: at };
    if (endsAtMs !== undefined) {
      return { status: 'maintenance', ...seen, until: new Date(endsAtMs).toISOString() };
    }
    return { status: faults.planOf(endpoint.id).some(isDown) ? 'bad_gateway' : 'ok', ...seen };
  }
}

/** Whether no call can be answered well. */
function isDown({ rate, failure, errors = [] }: Fault): boolean {
  return rate === 1 && (failure !== undefined || errors.reduce((sum, error) => sum + error.rate, 0) >= 1);
}
