import { isFact, isFailure, type Outcome } from '../dossier/outcome.ts';

/**
 * What an outcome tells of its source: it works, it is down, it does not accept our token. `silent` is
 * about one company, one call or us, and tells nothing of the source.
 */
export type Verdict = 'well' | 'down' | 'forbidden' | 'silent';

/**
 * Our own words, HTTP without a code, API Entreprise's network and storage, and the providers' codes of which
 * the last three digits name an outage. Some answers drop the leading zeros of a code.
 */
const DOWN =
  /^(connexion_impossible|delai_depasse|reponse_inattendue|http_5\d\d|0{0,2}50[12]|0?[1-9]\d?(00[0124689]|011|020))$/;
/** API Entreprise's own codes, 00100 to 00107, or none: the providers' codes speak of a company. */
const FORBIDDEN = /^(0{0,2}10\d|http_40[13])$/;
/** The law forbids this company's data: the source works. */
const ILLEGAL = /^(0?[1-9]\d?005|http_451)$/;

export function verdictOf(outcome: Outcome): Verdict {
  if (isFact(outcome)) return 'well';
  if (!isFailure(outcome)) return 'silent';
  const code = outcome.erreur?.code ?? '';
  if (outcome.statut === 'indisponible') return DOWN.test(code) ? 'down' : 'silent';
  if (outcome.statut === 'differe') return 'silent';
  if (ILLEGAL.test(code)) return 'well';
  return FORBIDDEN.test(code) ? 'forbidden' : 'silent';
}
