import { z } from 'zod';
import {
  deferred,
  type Erreur,
  type Fact,
  type Failure,
  type Outcome,
  unavailable,
} from '../dossier/outcome.ts';
import { instantOf } from '../dossier/time.ts';
import { LONGEST_RETRY_SECONDS } from './retry-after.ts';
import type { Source, Subject } from './source.ts';

/** What came back over HTTP, body bounded and complete. */
export interface Response {
  status: number;
  /** Seconds, from `Retry-After`; null when it does not speak. */
  retryAfterSeconds: number | null;
  body: string;
}

/** How long to leave a source alone when its failure names no time. */
export const RETRY_SECONDS = 60;
/** API Entreprise frees the lock of an identical question at the latest after a minute. */
const CONFLICT_SECONDS = 60;

/** What an answer means, and the link to a document that it holds. */
export interface Told {
  outcome: Outcome;
  /** Null without a statement, or when the source gives no document. */
  link: string | null;
}

const noPeriod = { du: null, au: null };

/** Written as text by some providers. */
const seconds = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().positive());

const errorsSchema = z.object({
  errors: z
    .array(
      z.object({
        code: z.union([z.string(), z.number()]).transform(String),
        title: z.string().nullish().catch(null),
        meta: z.object({ retry_in: seconds.nullish() }).nullish().catch(null),
      }),
    )
    .min(1),
});
type WireError = z.infer<typeof errorsSchema>['errors'][number];

/**
 * What a source's HTTP answer means. Whatever is not understood is `indisponible`, never a statement
 * about the company; a mapping that throws is a bug and is left to throw.
 *
 * @param nowMs epoch milliseconds at which the answer came
 */
export function outcomeOf(source: Source, response: Response, subject: Subject, nowMs: number): Told {
  const json = parseJson(response.body);
  if (response.status === 200) return statementOf(source, json, subject, nowMs);
  const parsed = errorsSchema.safeParse(json);
  const errors = parsed.success ? parsed.data.errors : [];
  const meanings = errors.map((error) => meaningOf(source, response.status, error));
  const meaning = meanings.every((one) => one === meanings[0]) ? meanings[0] : undefined;
  const outcome = withoutData(
    meaning ?? meaningOf(source, response.status, null),
    errors[0],
    response,
    nowMs,
  );
  return { outcome, link: null };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function statementOf(source: Source, json: unknown, subject: Subject, nowMs: number): Told {
  const answer = source.schemas.wire.safeParse(json);
  if (!answer.success || saysNothing(answer.data)) return { outcome: unexpected(nowMs), link: null };
  const {
    statut,
    donnees,
    validite = noPeriod,
    about = null,
    link = null,
  } = source.read(answer.data, subject);
  if (about !== null && !isAbout(about, subject)) {
    const outcome = unavailable(
      'identifiant_different',
      'La source a répondu pour un autre identifiant',
      retryAt(nowMs),
    );
    return { outcome, link: null };
  }
  const obtenu_le = instantOf(nowMs);
  return { outcome: { statut, donnees, validite, erreur: null, obtenu_le, nouvel_essai_le: null }, link };
}

/** Most fields may be null, each by itself; an answer where all are states nothing. An empty list is a statement. */
function saysNothing(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return value === null || value === undefined;
  return !Array.isArray(value) && Object.values(value).every(saysNothing);
}

/** A SIREN is enough: several sources answer for the head office when asked about another establishment. */
function isAbout(identifier: string, subject: Subject): boolean {
  return identifier.replaceAll(' ', '').slice(0, 9) === subject.siren;
}

function unexpected(nowMs: number): Outcome {
  return unavailable('reponse_inattendue', 'La source a répondu sous une forme inattendue', retryAt(nowMs));
}

type Meaning = 'non_trouve' | 'refuse' | 'en_examen' | 'non_autorise' | 'differe' | 'indisponible';

/**
 * An error is classified on the endpoint that was asked and on the last three digits of its code: prefixes
 * are sometimes another provider's, and the documented HTTP status is not always the one sent.
 * Codes that begin with 00 are API Entreprise's own and speak of the call, not of the company; some answers
 * drop the leading zero of a code.
 */
function meaningOf(source: Source, status: number, error: WireError | null): Meaning {
  if (status === 401 || status === 403 || status === 451) return 'non_autorise';
  if (status === 409 || status === 429) return 'differe';
  const code = error?.code ?? '';
  if (!/^\d{3,5}$/.test(code) || Number(code) < 1000) return 'indisponible';
  const digits = code.slice(-3);
  const declared = source.codes[digits];
  if (declared === 'refuse' && status !== 404) return 'indisponible';
  if (declared) return declared;
  return digits === '003' && status === 404 ? 'non_trouve' : 'indisponible';
}

function withoutData(
  meaning: Meaning,
  error: WireError | undefined,
  { status, retryAfterSeconds }: Response,
  nowMs: number,
): Outcome {
  const erreur = erreurOf(error, status);
  const retrySeconds = error?.meta?.retry_in ?? retryAfterSeconds;
  if (meaning === 'indisponible') {
    const failure = unavailable(erreur.code, erreur.titre, retryAt(nowMs, retrySeconds));
    return saying(failure, retrySeconds);
  }
  if (meaning === 'differe') {
    return saying(deferred(erreur, retryAt(nowMs, retrySeconds ?? CONFLICT_SECONDS)), retrySeconds);
  }
  if (meaning === 'non_autorise') return { statut: meaning, erreur, nouvel_essai_le: null };
  const fact: Fact = {
    statut: meaning,
    donnees: null,
    validite: noPeriod,
    erreur,
    obtenu_le: instantOf(nowMs),
    nouvel_essai_le: null,
  };
  return meaning === 'en_examen'
    ? { ...fact, nouvel_essai_le: instantOf(retryAt(nowMs, retrySeconds)) }
    : fact;
}

/** Keeps what the source said itself apart from the time we would choose for it. */
function saying(failure: Failure, retrySeconds: number | null): Failure {
  if (retrySeconds === null) return failure;
  return { ...failure, retryAfterMs: Math.min(retrySeconds, LONGEST_RETRY_SECONDS) * 1000 };
}

function erreurOf(error: WireError | undefined, status: number): Erreur {
  const titre = error?.title?.slice(0, 200) || `HTTP ${status}`;
  return { code: error?.code.slice(0, 20) || `http_${status}`, titre };
}

function retryAt(nowMs: number, seconds: number | null = null): number {
  return nowMs + Math.min(seconds ?? RETRY_SECONDS, LONGEST_RETRY_SECONDS) * 1000;
}
