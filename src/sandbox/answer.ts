/** What a client asks of one endpoint, once the protocol (token, quota, parameters) has let it through. */
export interface Question {
  /** Row of the endpoint table, e.g. `insee_etablissement`. */
  endpoint: string;
  /** The identifier in the path: SIREN, SIRET, RNA or EORI, as the endpoint takes it. */
  identifier: string;
  /** Other path and query parameters: `year`, `month`, `nature_effectif`, `profondeur`, `limit`. */
  parameters: Readonly<Record<string, string>>;
  /** Today in Paris, `YYYY-MM-DD`: every date of an answer is relative to it. */
  today: string;
}

/** An answer in wire format: an envelope (`data`, `links`, `meta`) or a list of `errors`. */
export interface Answer {
  status: number;
  /** A string value equal to `DOCUMENT` stands for the link of a PDF, minted when the answer is served. */
  body: Readonly<Record<string, unknown>>;
  /** What the PDF says, when the answer holds a `DOCUMENT` link. */
  document?: { title: string; company: string; lines: string[] };
}

/** Null when the company is not known to the endpoint: the server then answers its own 404 XX003. */
export type AnswerQuestion = (question: Question) => Answer | null;

export const DOCUMENT = '{{document}}';
