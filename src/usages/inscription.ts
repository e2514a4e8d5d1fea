import { infogreffeExtraitRcs } from '../sources/infogreffe-extrait-rcs.ts';
import { inpiExtraitRne } from '../sources/inpi-extrait-rne.ts';
import { inseeUniteLegale } from '../sources/insee-unite-legale.ts';
import { inFrench } from '../sources/wording.ts';
import { contradicted, established, inconclusive, type Judgement, notApplicable } from './examine.ts';
import { later } from './existence-activite.ts';
import { nameOf, RCS, REGISTERS, silence, silentRegisters } from './registers.ts';
import { asked, donneesOf, isAwaited, standingOf, tells, tellsAgainst } from './standing.ts';
import type { Known } from './usage-definition.ts';

const INSEE = inseeUniteLegale.id;

/** The company is registered, and has not been struck off. Neither associations nor public bodies are registered. */
export function absenceRadiation(known: Known): Judgement {
  if (/^[79]/.test(known.sections.identite.forme_juridique?.code ?? '')) {
    return notApplicable("Cette structure n'a pas à être inscrite à un registre des entreprises.", [INSEE]);
  }
  const struckOff = donneesOf(infogreffeExtraitRcs, known)?.date_radiation ?? null;
  if (struckOff !== null && struckOff <= known.date) return radiated(struckOff, known);
  const registered = REGISTERS.filter((id) => tells(id, known) && isRegistered(id, known));
  return registered.length > 0 && tells(INSEE, known)
    ? ofRegistered(registered, struckOff, known)
    : unregistered(known);
}

/** @param struckOff after the day examined */
function ofRegistered(registered: string[], struckOff: string | null, known: Known): Judgement {
  const pieces = [...registered, INSEE];
  const company = donneesOf(inseeUniteLegale, known);
  const ceasedOn = company?.date_cessation ?? null;
  if (company?.etat_administratif === 'cesse' && (ceasedOn === null || ceasedOn <= known.date)) {
    return inconclusive(
      "L'entreprise est cessée pour l'Insee, et aucun registre n'en dit la radiation.",
      pieces,
    );
  }
  const words = `L'entreprise est inscrite au ${registered.map(nameOf).join(' et au ')}.`;
  const silent = silentRegisters(known);
  if (silent.length > 0) return inconclusive(`${words} ${silence(silent, known)}`, [...pieces, ...silent]);
  const since =
    struckOff === null ? '' : ` Elle en a été radiée depuis, le ${inFrench(struckOff)} : voir les alertes.`;
  return established(words + since, pieces);
}

/** A trader who only left the commercial register may go on under another status. */
function radiated(day: string, known: Known): Judgement {
  const { type, etat_administratif } = known.sections.identite;
  const pieces = asked([RCS, INSEE], known);
  const words = `radiée du registre du commerce et des sociétés, à la date du ${inFrench(day)}`;
  if (!tellsAgainst(RCS, known)) {
    return inconclusive(`L'entreprise a été dite ${words} : l'information est à renouveler.`, pieces);
  }
  if (type === 'personne_physique' && etat_administratif === 'actif') {
    const motif = `L'entreprise est ${words}, mais active pour l'Insee : elle peut exercer sous un autre statut.`;
    return inconclusive(motif, pieces, PROOF);
  }
  return contradicted(`L'entreprise est ${words}.`, [RCS]);
}

function isRegistered(id: string, known: Known): boolean {
  const found = donneesOf(id === RCS ? infogreffeExtraitRcs : inpiExtraitRne, known);
  return found !== null && (found.date_immatriculation === null || found.date_immatriculation <= known.date);
}

/** An extract from the registers may not be asked of the company (CCP, article R2143-9). */
function unregistered(known: Known): Judgement {
  const pieces = asked([...REGISTERS, INSEE], known);
  if (REGISTERS.every((id) => standingOf(id, known) === 'absent') && !isAwaited([INSEE], known)) {
    return inconclusive("Aucun registre des entreprises ne connaît l'entreprise.", pieces, PROOF);
  }
  if (known.date > known.today) return inconclusive(later(known.date), pieces);
  return inconclusive("Les registres et l'Insee n'ont pas tous répondu de façon à conclure.", pieces);
}

const PROOF = {
  piece: "Justificatif d'inscription à un registre professionnel, ou du motif qui en dispense",
  recours: "L'entreprise l'obtient du registre dont elle relève.",
};
