import { dgfipLiassesFiscalesMere } from '../sources/dgfip-liasses-fiscales-mere.ts';
import { groupeFiscalOf } from '../sources/dgfip-reading.ts';
import { inFrench } from '../sources/wording.ts';
import { established, inconclusive, type Judgement, type Left } from './examine.ts';
import { asked, donneesOf, isAwaited, standingOf } from './standing.ts';
import { hasHadToFile, membershipOf, type TaxTraces } from './tax-group.ts';
import type { Known } from './usage-definition.ts';

const ATTESTATION = 'dgfip_attestation_fiscale';
const LIASSES = 'dgfip_liasses_fiscales';
const LIENS = 'dgfip_liens_capitalistiques';
const MERE = 'dgfip_attestation_fiscale_mere';
const LIASSES_MERE = dgfipLiassesFiscalesMere.id;

/**
 * Fiscal regularity, by the tax certificate. For a subsidiary of an integrated group the certificate does not
 * suffice: the tax is paid by the mother company (CGI, article 223 A), whose own certificate is needed.
 * No answer of DGFiP ever states that a company does not comply, so nothing contradicts this requirement.
 *
 * @param form what the company may give when DGFiP delivers no certificate online
 */
export function regulariteFiscale(form: Left): (known: Known) => Judgement {
  return (known) => {
    if (standingOf(ATTESTATION, known) !== 'holds') return withoutCertificate(known, form);
    const membership = membershipOf(tracesOf(known));
    if (membership === 'none') {
      const motif = "La DGFiP a délivré l'attestation de régularité fiscale (IS et TVA).";
      return established(motif, [ATTESTATION, ...asked([LIASSES, LIENS], known)]);
    }
    return membership === 'subsidiary' ? ofSubsidiary(known) : ofUnknownGroup(known);
  };
}

/** Form 3666, stamped by the tax office: what companies out of the online service have. */
export const FORM_3666: Left = {
  piece: 'Attestation de régularité fiscale',
  recours: "L'entreprise remplit le formulaire n° 3666 auprès de son service des impôts, qui le vise.",
};

const OF_MOTHER: Left = {
  piece: 'Attestation de régularité fiscale de la société mère du groupe intégré',
  recours:
    "L'entreprise la demande à sa société mère, qui l'obtient dans son espace professionnel sur impots.gouv.fr.",
};

function tracesOf(known: Known): TaxTraces {
  const { fiscal, identite } = known.sections;
  return {
    groupe: fiscal.groupe_fiscal,
    holders: fiscal.actionnaires_personnes_morales,
    hasFiledNothing:
      hasHadToFile(identite.date_creation, known.today) &&
      [LIASSES, LIENS].every((id) => standingOf(id, known) === 'absent'),
  };
}

function ofSubsidiary(known: Known): Judgement {
  const pieces = asked([ATTESTATION, LIASSES, LIENS, MERE, LIASSES_MERE], known);
  const member = "L'entreprise est filiale d'un groupe fiscal intégré, dont la société mère paie l'impôt";
  const returns = donneesOf(dgfipLiassesFiscalesMere, known);
  const isHead = returns !== null && groupeFiscalOf(returns)?.role === 'mere';
  if (standingOf(MERE, known) === 'holds' && isHead) {
    const motif = `${member} : son attestation fiscale et celle de la société mère sont délivrées.`;
    return established(motif, pieces);
  }
  if (isAwaited([MERE, LIASSES_MERE], known)) {
    return inconclusive(`${member} : l'attestation de la société mère n'est pas encore arrivée.`, pieces);
  }
  return inconclusive(`${member} : son attestation fiscale est aussi nécessaire.`, pieces, OF_MOTHER);
}

function ofUnknownGroup(known: Known): Judgement {
  const pieces = asked([ATTESTATION, LIASSES, LIENS], known);
  const motif =
    "L'attestation fiscale est délivrée, mais l'appartenance à un groupe fiscal intégré n'a pas pu être exclue : dans un groupe, celle de la société mère est aussi nécessaire.";
  if (isAwaited([LIASSES, LIENS], known)) return inconclusive(motif, pieces);
  return inconclusive(motif, pieces, {
    piece: 'Attestation de régularité fiscale de la société mère, ou déclaration de n’en avoir aucune',
    recours: "L'entreprise déclare si elle appartient à un groupe fiscal intégré (CGI, article 223 A).",
  });
}

function withoutCertificate(known: Known, form: Left): Judgement {
  const pieces = asked([ATTESTATION], known);
  switch (standingOf(ATTESTATION, known)) {
    case 'awaited':
      return inconclusive(
        "L'attestation fiscale n'est pas arrivée, ou ne peut pas encore l'être : un prochain appel pourra la donner.",
        pieces,
      );
    case 'outdated':
      return inconclusive(
        `L'attestation fiscale délivrée ne parle pas de la situation au ${inFrench(known.date)}.`,
        pieces,
        {
          piece: `Attestation de régularité fiscale en cours au ${inFrench(known.date)}`,
          recours: "L'entreprise la garde dans son espace professionnel sur impots.gouv.fr.",
        },
      );
    case 'closed':
      return inconclusive(
        "Les droits disponibles ne permettent pas de consulter l'attestation fiscale.",
        pieces,
        { ...form, recours: ONLINE },
      );
    case 'unasked':
      return inconclusive("L'attestation fiscale n'a pas été demandée.", pieces);
    default:
      return inconclusive(reasonOf(known), pieces, form);
  }
}

const ONLINE = "L'entreprise l'obtient dans son espace professionnel sur impots.gouv.fr.";

/** The rule that left the company out says why; the source never does. */
function reasonOf(known: Known): string {
  const piece = known.pieces[ATTESTATION];
  if (piece?.statut === 'hors_perimetre') return piece.explication;
  const { forme_juridique, numero_rna } = known.sections.identite;
  const isAssociation = numero_rna !== null || (forme_juridique?.code?.startsWith('92') ?? false);
  return isAssociation
    ? "La DGFiP ne délivre pas d'attestation en ligne pour cette association : non soumise à l'impôt sur les sociétés, inconnue ou non à jour, la réponse ne permet pas de le savoir."
    : `La DGFiP ne délivre pas d'attestation en ligne pour cette entreprise : imposée à l'impôt sur le revenu, ${youth(known)}en plan ou en procédure, inconnue ou non à jour, la réponse ne permet pas de le savoir.`;
}

/** No reason where Insee dates the creation before. */
function youth({ sections, today }: Known): string {
  const created = sections.identite.date_creation;
  return created !== null && created.slice(0, 4) < today.slice(0, 4) ? '' : 'créée cette année, ';
}
