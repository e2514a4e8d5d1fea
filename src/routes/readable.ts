import { Problem } from '../problems.ts';
import { Broken } from '../storage/database.ts';

const AWAY =
  'Les suivis ne peuvent pas être lus ni déposés pour le moment. Réessayez dans quelques instants.';

/** @throws Problem when the store does not answer */
export function readable<T>(result: T | Broken): T {
  if (!(result instanceof Broken)) return result;
  throw new Problem('passerelle-indisponible', { detail: AWAY });
}
