import { isDeepStrictEqual } from 'node:util';

/** What an answer is judged by. */
export interface Answer {
  /** The SIRET that was asked. */
  siret: string;
  status: number;
  body: string;
}

interface SeenDossier {
  data?: {
    siret?: string;
    completude?: { statut?: string };
    pieces?: Record<string, { statut?: string; perime?: boolean }>;
  };
}

/** What is wrong with a dossier: it must be about whom it was asked, complete, and nothing in it stale. */
export function complaintAboutDossier({ siret, status, body }: Answer): string | null {
  if (status !== 200) return `${siret} is answered ${status}`;
  const { data } = parsed(body) as SeenDossier;
  if (data?.siret !== siret) return `${siret} is answered about ${data?.siret}`;
  if (data.completude?.statut !== 'complet') return `the dossier of ${siret} is not complete`;
  const stale = Object.entries(data.pieces ?? {}).filter(([, { perime }]) => perime !== false);
  return stale.length === 0 ? null : `the dossier of ${siret} has stale pieces: ${stale.map(([id]) => id)}`;
}

/** The same for whoever calls the sources and sends on what they say. */
export function complaintAboutCalls({ siret, status, body }: Answer, calls: number): string | null {
  if (status !== 200) return `${siret} is answered ${status}`;
  const seen = parsed(body) as { siret?: string; answers?: unknown[] };
  if (seen.siret !== siret) return `${siret} is answered about ${seen.siret}`;
  const given = seen.answers?.filter((one) => !isDeepStrictEqual(one, {})).length;
  return given === calls ? null : `${siret} has ${given} answers of ${calls}`;
}

function parsed(body: string): object {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
