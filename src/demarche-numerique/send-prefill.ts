import type { Dispatcher } from 'undici';
import { z } from 'zod';

/** A file that Démarche numérique has made. Whoever opens its address first owns it: the address is a secret. */
export interface SentFile {
  numero: number;
  adresse: string;
}

/** Why there is none; nothing is known of what the service did when it did not answer. */
export type SendingFault = 'demarche_inconnue' | 'refus_du_service' | 'reponse_inattendue' | 'sans_reponse';

/**
 * Sends the body that prefills a file of a procedure, given by its number. Never rejects, and never tries again: a
 * second try could make a second file.
 */
export type SendPrefill = (
  demarche: number,
  corps: Readonly<Record<string, unknown>>,
) => Promise<SentFile | SendingFault>;

export interface SendPrefillOptions {
  dispatcher: Dispatcher;
  /** Of the service: a caller never says where anything is sent. */
  origin: string;
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const ANSWER_MAX_BYTES = 64 * 1024;

const answerSchema = z.object({ dossier_url: z.url({ protocol: /^https?$/ }), dossier_number: z.int() });

export function createSendPrefill({
  dispatcher,
  origin,
  timeoutMs = TIMEOUT_MS,
}: SendPrefillOptions): SendPrefill {
  return async (demarche, corps) => {
    try {
      const { statusCode, body } = await dispatcher.request({
        origin,
        path: `/api/public/v1/demarches/${demarche}/dossiers`,
        method: 'POST',
        // To the letter: the service refuses the same type with a charset.
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(corps),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await textOf(body);
      if (statusCode !== 201) return statusCode === 404 ? 'demarche_inconnue' : 'refus_du_service';
      return text === null ? 'reponse_inattendue' : fileIn(text, origin);
    } catch {
      return 'sans_reponse';
    }
  };
}

/** Null when it is too long. */
async function textOf(body: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > ANSWER_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** An address elsewhere than at the service is none that anybody should be sent to. */
function fileIn(text: string, origin: string): SentFile | SendingFault {
  try {
    const { dossier_url, dossier_number } = answerSchema.parse(JSON.parse(text));
    const isThere = new URL(dossier_url).origin === origin;
    return isThere ? { numero: dossier_number, adresse: dossier_url } : 'reponse_inattendue';
  } catch {
    return 'reponse_inattendue';
  }
}
