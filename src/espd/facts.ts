import type { Dossier } from '../dossier/dossier.ts';
import type { Day } from '../dossier/time.ts';
import { standingOf, tells } from '../usages/standing.ts';
import type { CriterionRule, EvidenceSource } from './criteria.ts';

/** Something that proves, and where it can be read. */
export interface Evidence {
  id: string;
  uri: string;
  access: EvidenceSource['access'];
  administration: string;
}

/** What administrations said, on the day examined, that an ESPD asks for; null for what nobody said. */
export interface Facts {
  /** From the latest. */
  turnovers: { until: Day; euros: number }[] | null;
  createdOn: Day | null;
  headcount: { year: string; persons: number } | null;
  /** Numbers under which it is registered. */
  trade: string | null;
  profession: string | null;
  size: 'sme' | 'large' | null;
  evidenceOf(rule: CriterionRule): Evidence[];
}

export interface Examined {
  dossier: Dossier;
  /** Day for which facts are stated. */
  date: Day;
  today: Day;
  /** Where the gateway is called, without a final slash. */
  baseUrl: string;
  /** Of the dossier, for what has no document of its own. */
  dossierUrl: string;
}

/** What is stale is neither a fact nor evidence: who reads an ESPD is not told how old its answers are. */
export function factsOf(examined: Examined): Facts {
  const { data } = examined.dossier;
  const { identite, fiscal, social } = data;
  const turnovers = isFresh('/fiscal/chiffres_affaires', examined)
    ? turnoversOf(fiscal, examined.date)
    : null;
  const headcount = isFresh('/social/effectif_annuel', examined) ? headcountOf(social) : null;
  return {
    turnovers,
    createdOn: isFresh('/identite/date_creation', examined) ? identite.date_creation : null,
    headcount,
    trade: tradeNumberOf(examined),
    profession: professionNumberOf(examined),
    size: isFresh('/identite/categorie_entreprise', examined)
      ? sizeOf(identite, { turnovers, headcount })
      : null,
    evidenceOf: ({ evidence }) => evidence.flatMap((source) => evidenceFrom(source, examined)),
  };
}

/** Whether a unified value comes from a source that answers. */
function isFresh(pointer: string, { dossier: { data, meta } }: Examined): boolean {
  const piece = data.pieces[meta.provenance[pointer] ?? ''];
  return piece?.statut === 'obtenu' && !piece.perime;
}

function turnoversOf({ chiffres_affaires }: Dossier['data']['fiscal'], date: Day): Facts['turnovers'] {
  if (chiffres_affaires === null) return null;
  return chiffres_affaires.flatMap(({ date_fin_exercice: until, montant_euros: euros }) =>
    until !== null && until <= date ? [{ until, euros }] : [],
  );
}

function headcountOf({ effectif_annuel }: Dossier['data']['social']): Facts['headcount'] {
  return effectif_annuel && { year: effectif_annuel.annee, persons: Math.round(effectif_annuel.total) };
}

const SIZES: Record<string, 'sme' | 'large'> = { PME: 'sme', ETI: 'large', GE: 'large' };
/** From which on a company is none of the small and medium (recommandation 2003/361/CE, article 2 of its annex). */
const SME = { persons: 250, euros: 50_000_000 };

/** Insee's category is of years ago: a company that has outgrown it since, by its own figures, is left without. */
function sizeOf(
  { categorie_entreprise }: Dossier['data']['identite'],
  { turnovers, headcount }: Pick<Facts, 'turnovers' | 'headcount'>,
): Facts['size'] {
  const size = SIZES[categorie_entreprise ?? ''] ?? null;
  const isOutgrown = (headcount?.persons ?? 0) >= SME.persons || (turnovers?.[0]?.euros ?? 0) > SME.euros;
  return size === 'sme' && isOutgrown ? null : size;
}

/** A company whose entry was struck off, one day or another, is not said to be registered. */
function tradeNumberOf(examined: Examined): string | null {
  const { siren, identite } = examined.dossier.data;
  const entry = identite.immatriculation_rcs;
  if (!entry || entry.date_radiation !== null) return null;
  if (!isRegistered('/identite/immatriculation_rcs', entry.date_immatriculation, examined)) return null;
  return entry.greffe === null ? siren : `${siren} RCS ${entry.greffe}`;
}

/** Craftsmen: the national register took over from the répertoire des métiers (Code de commerce, L123-36). */
function professionNumberOf(examined: Examined): string | null {
  const { siren, identite } = examined.dossier.data;
  const entry = identite.immatriculation_rne;
  const isCraft = /artisan/i.test(entry?.nature ?? '');
  if (!entry || !isCraft) return null;
  const pointer = '/identite/immatriculation_rne';
  return isRegistered(pointer, entry.date_immatriculation, examined) ? siren : null;
}

/** Registered before the day examined, according to a register that tells of that day. */
function isRegistered(pointer: string, since: Day | null, examined: Examined): boolean {
  const { dossier, date } = examined;
  const { pieces, identite } = dossier.data;
  const isTold = tells(dossier.meta.provenance[pointer] ?? '', { pieces, date });
  const isOpen = since !== null && since <= date && identite.etat_administratif !== 'cesse';
  return isOpen && isTold && isFresh(pointer, examined);
}

function evidenceFrom({ source, kind, access }: EvidenceSource, examined: Examined): Evidence[] {
  const { dossier, date, today, baseUrl, dossierUrl } = examined;
  const { pieces } = dossier.data;
  const piece = pieces[source];
  if (piece?.statut !== 'obtenu' || piece.perime || piece.donnees === null) return [];
  const known = { pieces, date, today };
  const isProof = kind === 'certificate' ? standingOf(source, known) === 'holds' : tells(source, known);
  if (!isProof) return [];
  const { document, administration } = piece;
  const id = document ? `${source}/${document.sha256}` : `${source}/${piece.obtenu_le}`;
  return [{ id, uri: document ? baseUrl + document.href : dossierUrl, access, administration }];
}
