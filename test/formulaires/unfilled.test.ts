import t from 'tap';
import { deferred, notAllowed, notNeeded, type Outcome, unavailable } from '../../src/dossier/outcome.ts';
import { pieceOf } from '../../src/dossier/piece.ts';
import type { Siret } from '../../src/dossier/siret.ts';
import { whyUnknown } from '../../src/formulaires/unfilled.ts';
import { catalog } from '../../src/sources/catalog.ts';
import { fact, SIRET } from '../helpers/app.ts';

const owner = { siret: SIRET as Siret, usage: 'marche_public' as const };

/** Why a value is not known when its sources answered so. */
function why(pointer: string, outcomes: Record<string, Outcome>, isMasked = false) {
  const pieces = Object.fromEntries(
    catalog.map((source) => [
      source.id,
      pieceOf(source, outcomes[source.id] ?? notNeeded, { today: '2026-11-23', owner }),
    ]),
  );
  return whyUnknown(pointer.slice(1).split('/'), pieces, isMasked);
}
const NAME = '/identite/denomination';
const LATER_MS = Date.parse('2026-11-23T11:05:00Z');

t.test('what may still come is told first, with its hour', async (t) => {
  const late = { insee_etablissement: fact('non_trouve'), inpi_extrait_rne: deferred(null, LATER_MS) };
  t.match(why(NAME, late), {
    raison: 'differe',
    source: 'inpi_extrait_rne',
    nouvel_essai_le: '2026-11-23T11:05:00Z',
  });
  t.match(
    why('/social/msa/situation', { msa_conformite_cotisations: unavailable('panne', 'Panne', LATER_MS) }),
    {
      raison: 'indisponible',
      explication: /^MSA : /,
    },
  );
  t.match(why('/social/vigilance', { urssaf_attestation_vigilance: fact('en_examen') }), {
    raison: 'en_examen',
  });
});

t.test('nobody knows it once all who could have answered', async (t) => {
  t.match(why(NAME, { insee_etablissement: fact('non_trouve') }), {
    raison: 'inconnu',
    explication: /ne dit rien/,
  });
  t.match(why(NAME, {}), { raison: 'non_demande' });
  t.match(
    why('/pieces/msa_conformite_cotisations/document/href', { msa_conformite_cotisations: fact('obtenu') }),
    {
      raison: 'inconnu',
      source: 'msa_conformite_cotisations',
    },
  );
});

t.test('what is kept from the caller is not said unknown', async (t) => {
  const withheld = { insee_etablissement: notAllowed('habilitation', 'Non couvert') };
  t.match(why(NAME, withheld), { raison: 'non_autorise' });
  t.match(why(NAME, { infogreffe_extrait_rcs: notAllowed('diffusion_partielle', 'Opposée') }), {
    raison: 'masque',
    explication: 'Opposée.',
  });
  t.match(why(NAME, withheld, true), { raison: 'masque' });
});
