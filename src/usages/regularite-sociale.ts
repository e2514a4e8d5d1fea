import type { Piece } from '../dossier/piece.ts';
import { inFrench } from '../sources/wording.ts';
import { contradicted, established, inconclusive, type Judgement, type Left } from './examine.ts';
import { headOfficeOf } from './head-office.ts';
import { asked, isAwaited, isPending, standingOf } from './standing.ts';
import type { Known } from './usage-definition.ts';

const URSSAF = 'urssaf_attestation_vigilance';
const MSA = 'msa_conformite_cotisations';
const BODIES = [URSSAF, MSA];
const NAMES: Record<string, string> = { [URSSAF]: "L'Urssaf", [MSA]: 'La MSA' };

/**
 * Social regularity: towards Urssaf for the general regime, MSA for the agricultural one. One statement of
 * refusal contradicts it. A company may belong to both: one proof in force establishes it only once nothing is
 * pending at the other body, nor stated there against the company for another day.
 *
 * @param certificate what the company may give when neither knows it
 */
export function regulariteSociale(certificate: Left): (known: Known) => Judgement {
  return (known) => {
    if (standingOf(URSSAF, known) === 'refused') {
      return contradicted("L'Urssaf refuse de délivrer l'attestation de vigilance.", [URSSAF]);
    }
    if (standingOf(MSA, known) === 'refused') {
      return contradicted('La MSA indique que les cotisations ne sont pas à jour.', [MSA]);
    }
    const proving = BODIES.find((id) => standingOf(id, known) === 'holds');
    if (proving === undefined) return undecided(known, certificate);
    const proof = proving === URSSAF ? vigilance(known.pieces[URSSAF]) : PAID_TO_MSA;
    return besideTheOther(proving, proof, known, certificate);
  };
}

export const CERTIFICATE: Left = {
  piece: 'Attestation de vigilance, ou attestation équivalente de son régime social',
  recours: "L'entreprise l'obtient dans son espace en ligne Urssaf ou MSA, selon son régime.",
};

const PAID_TO_MSA = 'La MSA indique que les cotisations sont à jour.';

/** A certificate whose PDF could not be read was delivered all the same, in the terms of the day. */
function vigilance(piece: Piece | undefined): string {
  const au = piece?.validite.au ?? null;
  return au === null
    ? "L'Urssaf a délivré l'attestation de vigilance ; ses dates sont à lire sur le document."
    : `L'attestation de vigilance est valable jusqu'au ${inFrench(au)}.`;
}

function besideTheOther(proving: string, proof: string, known: Known, certificate: Left): Judgement {
  const other = proving === URSSAF ? MSA : URSSAF;
  if (isPending(other, known)) return inconclusive(`${proof} ${pendingWords(other, known)}`, BODIES);
  const words = againstWords(other, known);
  return words === null
    ? established(proof, [proving])
    : inconclusive(`${proof} ${words}`, BODIES, isAwaited([other], known) ? undefined : certificate);
}

/** Neither a refusal nor a favour: the body is named, and nothing is asked of the company. */
function pendingWords(id: string, { pieces }: Known): string {
  return pieces[id]?.statut === 'en_examen'
    ? `${NAMES[id]} examine encore la situation de l'entreprise.`
    : `${NAMES[id]} n'a pas encore donné de réponse qui vaille à cette date.`;
}

/** What a body that knows the company said, that neither proves nor contradicts on the day examined. */
function againstWords(id: string, known: Known): string | null {
  if (id === URSSAF && expiry(known) !== null) return expiry(known);
  return known.pieces[id]?.statut === 'refuse'
    ? `${NAMES[id]} connaît l'entreprise, et ce qu'elle en dit aujourd'hui ne vaut pas au ${inFrench(known.date)}.`
    : null;
}

function expiry({ pieces, date }: Known): string | null {
  const { statut, validite } = pieces[URSSAF] ?? {};
  return statut === 'obtenu' && validite?.au && validite.au < date
    ? `L'attestation de vigilance a expiré le ${inFrench(validite.au)}.`
    : null;
}

function undecided(known: Known, certificate: Left): Judgement {
  const pieces = asked(BODIES, known);
  const awaited = pieces.filter((id) => isAwaited([id], known));
  if (awaited.length > 0) {
    return inconclusive(awaited.map((id) => pendingWords(id, known)).join(' '), pieces);
  }
  const siege = headOfficeOf([MSA], known);
  if (siege !== null && standingOf(URSSAF, known) === 'absent') {
    const motif = `La MSA répond par établissement et ne connaît pas cet établissement : demandez le dossier du siège, ${siege}.`;
    return inconclusive(motif, pieces);
  }
  return inconclusive(reasonOf(known), pieces, certificate);
}

function reasonOf(known: Known): string {
  const expired = expiry(known);
  if (expired !== null) return expired;
  if (BODIES.some((id) => standingOf(id, known) === 'outdated')) {
    return `Ce que les organismes sociaux disent aujourd'hui ne prouve rien au ${inFrench(known.date)}.`;
  }
  if (BODIES.some((id) => standingOf(id, known) === 'closed')) {
    return 'Les droits disponibles ne permettent pas de consulter les organismes sociaux.';
  }
  const [only, ...others] = BODIES.filter((id) => known.pieces[id]?.statut === 'non_trouve');
  const who =
    only !== undefined && others.length === 0
      ? `${NAMES[only]} ne connaît pas`
      : 'Les organismes sociaux ne connaissent pas';
  return `${who} cette entreprise : cela ne dit rien de sa régularité.`;
}
