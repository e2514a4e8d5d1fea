import type { IncomingMessage } from 'node:http';
import type { Quota } from '../sources/source.ts';
import type { Audience } from './habilitation.ts';
import { isLoopbackAddress } from './networks.ts';
import type { RateBudget, Taken } from './rate-budget.ts';
import type { Recognise } from './recognise.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { Holder } from './register.ts';

/** Somebody who was let in, and what is left of the rate. */
export interface Admitted {
  holder: Holder;
  rate: Taken;
}

/** Somebody who was not, with who it is where that is known. */
export interface Refused {
  refusal: Refusal;
  holder: Holder | null;
}

/** Whether somebody may ask: deny by default, all that does not depend on what is asked. */
export interface Gate {
  /** At once; null when the long way must be taken, to be recognised or to be refused in good form. */
  recallNow(request: IncomingMessage): Holder | null;
  /** Takes one of the rate at once; null, and nothing is taken, when the long way must be taken. */
  takeNow(holder: Holder): Taken | null;
  /** @param audiences that the address is for */
  admit(request: IncomingMessage, audiences: readonly Audience[]): Promise<Admitted | Refused>;
  /** Why somebody who was let in would not be any more; null when nothing has changed. Takes nothing of the rate. */
  refusalNow(request: IncomingMessage): Promise<Refusal | null>;
  /** Takes one of each family of sources whose rate is bounded, for a dossier that is to be collected. */
  takeFamilies(holder: Holder): Promise<Refusal | null>;
}

export interface GateOptions {
  recognise: Recognise;
  rates: RateBudget;
  /** Whether the administrations are mocked: demonstration habilitations are good for nothing else. */
  isDemonstration: boolean;
}

export function createGate({ recognise, rates, isDemonstration }: GateOptions): Gate {
  function refusalFrom(request: IncomingMessage, { habilitation, isOpenTo }: Holder): Refusal | null {
    if (habilitation.demonstration && !(isDemonstration && isFromThisMachine(request))) {
      return refusal('demonstration');
    }
    return isOpenTo(request.socket.remoteAddress ?? '') ? null : refusal('reseau');
  }

  async function holderOf({
    headers: { authorization },
    socket,
  }: IncomingMessage): Promise<Holder | Refusal> {
    const again = authorization && recognise.again(authorization, socket);
    return again || recognise.first(authorization);
  }

  return {
    recallNow(request) {
      const { authorization } = request.headers;
      const holder = authorization && recognise.again(authorization, request.socket);
      return !holder || 'reason' in holder || refusalFrom(request, holder) ? null : holder;
    },
    takeNow({ habilitation: { id, debit } }) {
      const rate = rates.takeNow(id, debit.par_minute);
      return rate?.isTaken ? rate : null;
    },
    async admit(request, audiences) {
      const holder = await holderOf(request);
      if ('reason' in holder) return { refusal: holder, holder: null };
      const refusal = refusalFrom(request, holder) ?? refusalOfAudience(holder, audiences);
      if (refusal) return { refusal, holder };
      const { id, debit } = holder.habilitation;
      const rate = await rates.take(id, debit.par_minute);
      if (rate.isTaken) return { holder, rate };
      return { refusal: tooMany(`${debit.par_minute} demandes`, rate), holder };
    },
    async refusalNow(request) {
      const holder = await holderOf(request);
      return 'reason' in holder ? holder : refusalFrom(request, holder);
    },
    async takeFamilies({ habilitation, rights }) {
      const { id, debit } = habilitation;
      for (const family of rights.families) {
        const perMinute = debit.familles[family as Quota];
        if (perMinute === undefined) continue;
        const rate = await rates.take(`${id}:${family}`, perMinute);
        if (!rate.isTaken)
          return tooMany(`${perMinute} dossiers à collecter auprès des sources « ${family} »`, rate);
      }
      return null;
    },
  };
}

/** A request that a proxy of this machine forwards comes from elsewhere, whatever it says of where. */
export function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const isForwarded =
    headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined || headers.via !== undefined;
  return !isForwarded && isLoopbackAddress(socket.remoteAddress ?? '');
}

/** What an habilitation asks of a dossier. Null when it may be read. */
export function refusalOfDossier(
  { habilitation, recipients }: Holder,
  asked: { usage: string; recipient: string },
): Refusal | null {
  if (asked.usage !== habilitation.usage) {
    const detail = `Ce jeton est délivré pour l'usage « ${habilitation.usage} » seulement : un jeton par usage.`;
    return { reason: 'usage', detail };
  }
  if (recipients.has(asked.recipient)) return null;
  const detail =
    "Le destinataire (« recipient ») n'est ni l'organisme habilité, ni un client déclaré de son éditeur : corrigez-le, ou faites-le déclarer.";
  return { reason: 'destinataire', detail };
}

const FOR_WHOM: Record<Audience, string> = {
  agent: 'un agent habilité',
  public: 'le public',
  entreprise: "l'entreprise elle-même",
};

function refusalOfAudience({ habilitation }: Holder, audiences: readonly Audience[]): Refusal | null {
  const { audience } = habilitation;
  if (audiences.includes(audience)) return null;
  const expected = audiences.map((one) => FOR_WHOM[one]).join(' ou ');
  const detail = `Ce jeton est délivré pour ${FOR_WHOM[audience]} : cette adresse est pour ${expected}.`;
  return { reason: 'audience', detail };
}

function tooMany(what: string, { resetSeconds }: Taken): Refusal {
  const detail = `L'habilitation permet ${what} par minute. Réessayez dans ${resetSeconds} s, ou faites augmenter ce débit.`;
  return { reason: 'debit', detail, retryAfterSeconds: resetSeconds };
}
