import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { importJWK } from 'jose';
import type { AccessStore, Credential, Granted, StoredHabilitation } from '../access/access-store.ts';
import { ALGORITHM_OF, digestOf } from '../access/client-credentials.ts';
import { createIssueToken } from '../access/issue-token.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { Broken } from '../storage/database.ts';
import { habilitationIn } from './granting.ts';
import { readOptions, UsageError, wholeNumber } from './options.ts';
import { lineOf, sheetOf } from './wording.ts';

/** The database does not answer. */
export class AwayError extends Error {}

export interface CommandOptions {
  store: AccessStore;
  keys: SigningKeys;
  now: () => number;
}

/** Gives what is to be printed. @throws UsageError, AwayError */
export type Command = (args: string[]) => Promise<string>;

const DAY_MS = 86_400_000;
const DAYS = { jours: { type: 'string', default: '365' } } as const;
const OVERLAP_DAYS = '7';

export function createCommands({ store, keys, now }: CommandOptions): Record<string, Command> {
  const issueToken = createIssueToken({ store, keys, now });
  const granted = async (): Promise<Granted> => sure(await store.read());

  async function find(id: string): Promise<StoredHabilitation> {
    const found = (await granted()).habilitations.find(({ habilitation }) => habilitation.id === id);
    if (!found) throw new UsageError(`Aucune habilitation ${id}. La liste : npm run habilitations -- list`);
    return found;
  }

  /** Nothing is given to what would be refused. */
  async function findGood(id: string): Promise<StoredHabilitation> {
    const found = await find(id);
    if (found.revokedAtMs !== null) throw new UsageError(`L'habilitation ${id} est révoquée.`);
    if (Date.parse(found.habilitation.expire_le) <= now())
      throw new UsageError(`L'habilitation ${id} a expiré.`);
    return found;
  }

  /** Never beyond the habilitation itself. */
  function endAfter(days: string, { habilitation }: StoredHabilitation): number {
    const endMs = now() + wholeNumber(days, '--jours') * DAY_MS;
    return Math.min(endMs, Date.parse(habilitation.expire_le));
  }

  async function addCredential(
    found: StoredHabilitation,
    kind: Credential['kind'],
    proof: string,
    expiresAtMs: number,
  ): Promise<string> {
    const id = randomUUID();
    sure(await store.addCredential({ id, habilitationId: found.habilitation.id, kind, proof, expiresAtMs }));
    return id;
  }

  async function addSecret(found: StoredHabilitation, expiresAtMs: number) {
    const secret = randomBytes(32).toString('base64url');
    return { secret, id: await addCredential(found, 'secret', digestOf(secret), expiresAtMs) };
  }

  return {
    async grant(args) {
      const habilitation = habilitationIn(args, now());
      sure(await store.grant(habilitation));
      const { id } = habilitation;
      return `Habilitation accordée : ${id}\nSon jeton : npm run habilitations -- token ${id}`;
    },
    async list(args) {
      readOptions(args, {});
      const { habilitations } = await granted();
      return habilitations.length > 0
        ? habilitations.map((one) => lineOf(one, now())).join('\n')
        : 'Aucune habilitation. Pour en accorder une : npm run habilitations -- aide';
    },
    async show(args) {
      const [id = ''] = readOptions(args, {}, [A_HABILITATION]).operands;
      const found = await find(id);
      const { credentials } = await granted();
      return sheetOf(
        found,
        credentials.filter(({ habilitationId }) => habilitationId === id),
        now(),
      );
    },
    async token(args) {
      const { values, operands } = readOptions(args, DAYS, [A_HABILITATION]);
      const found = await findGood(operands[0] ?? '');
      return sure(await issueToken(found.habilitation.id, endAfter(values.jours, found))).token;
    },
    async secret(args) {
      const { values, operands } = readOptions(args, DAYS, [A_HABILITATION]);
      const found = await findGood(operands[0] ?? '');
      const { secret } = await addSecret(found, endAfter(values.jours, found));
      return `client_id      ${found.habilitation.id}\nclient_secret  ${secret}`;
    },
    async cle(args) {
      const { values, operands } = readOptions(args, DAYS, [
        A_HABILITATION,
        'le fichier de la clé publique (JWK)',
      ]);
      const [id = '', file = ''] = operands;
      const found = await findGood(id);
      const jwk = await publicJwkIn(file);
      const credential = await addCredential(found, 'cle', jwk, endAfter(values.jours, found));
      return `Clé publique enregistrée : ${credential}\nclient_id  ${id}`;
    },
    async rotate(args) {
      const options = {
        ...DAYS,
        recouvrement: { type: 'string', default: OVERLAP_DAYS },
        maintenant: { type: 'boolean' },
      } as const;
      const { values, operands } = readOptions(args, options, [`${A_HABILITATION}, ou « signature »`]);
      const [id = ''] = operands;
      if (id === 'signature') return rotateSignature();
      const found = await findGood(id);
      const overlapMs = values.maintenant ? 0 : wholeNumber(values.recouvrement, '--recouvrement') * DAY_MS;
      const before = (await granted()).credentials.filter(
        (one) => one.habilitationId === id && one.kind === 'secret' && one.revokedAtMs === null,
      );
      const endMs = endAfter(values.jours, found);
      const issued = sure(await issueToken(id, endMs));
      sure(await store.shorten(id, 'jeton', issued.id, now() + overlapMs));
      if (before.length === 0) return issued.token;
      const { secret, id: secretId } = await addSecret(found, endMs);
      sure(await store.shorten(id, 'secret', secretId, now() + overlapMs));
      return `jeton          ${issued.token}\nclient_secret  ${secret}`;
    },
    async revoke(args) {
      const [id = ''] = readOptions(args, {}, [
        "l'identifiant d'une habilitation, d'un jeton, d'un secret ou d'une clé",
      ]).operands;
      for (const revoke of [store.revokeHabilitation, store.revokeCredential, store.revokeKey]) {
        if (sure(await revoke(id))) return `Révoqué : ${id}. En vigueur partout dans la seconde.`;
      }
      throw new UsageError(`Rien à révoquer sous ${id} : inconnu, ou déjà révoqué.`);
    },
  };

  async function rotateSignature(): Promise<string> {
    const before = (await granted()).keys.filter(({ revokedAtMs }) => revokedAtMs === null);
    const { kid } = sure(await keys.rotate());
    const others = before.map((key) => `  npm run habilitations -- revoke ${key.kid}`);
    return [
      `Nouvelle clé de signature : ${kid}`,
      ...(others.length > 0
        ? ['Les jetons signés avant restent bons jusqu’à la révocation de leur clé :', ...others]
        : []),
    ].join('\n');
  }
}

const A_HABILITATION = "l'identifiant de l'habilitation";

/** @throws AwayError */
function sure<T>(result: T | Broken): T {
  if (result instanceof Broken) throw new AwayError(`La base de données ne répond pas : ${result.message}`);
  return result;
}

/** @throws UsageError for what is no public key */
async function publicJwkIn(file: string): Promise<string> {
  try {
    const { d, k, ...jwk } = JSON.parse(readFileSync(file, 'utf8'));
    if (d !== undefined || k !== undefined)
      throw new UsageError('Ce fichier contient une clé privée : donnez la clé publique.');
    await importJWK(jwk, jwk.alg ?? ALGORITHM_OF[jwk.kty]);
    return JSON.stringify(jwk);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} ne contient pas une clé publique au format JWK.`);
  }
}

export const HELP = `Habilitations de la passerelle

  grant   accorde une habilitation
            --siret 13002526500013        organisme public
            --nom "…"                     son nom
            --usage marche_public         un seul : marche_public, aide_publique, subvention_association, socle
            --base-legale "CCP R2143-13"  le texte qui fonde la demande
            --contact agent@exemple.fr    qui prévenir
            --expire 2027-12-31           un an par défaut
            --audience agent              agent, public (données ouvertes seulement) ou entreprise
            --sources a,b                 toutes celles de l'usage par défaut
            --reseaux 192.0.2.0/24        tous par défaut
            --debit 600                   demandes par minute
            --familles urssaf=10          dossiers collectés par minute, par famille de sources
            --editeur "…" --clients s,s   éditeur, et SIRET de ses autres clients
  list    les habilitations, et quand elles expirent
  show    <habilitation>                  tout ce qui est accordé, sans les secrets
  token   <habilitation> [--jours 365]    un jeton de longue durée, montré une fois
  secret  <habilitation> [--jours 365]    un secret pour POST /oauth/token, montré une fois
  cle     <habilitation> clé.jwk          une clé publique pour POST /oauth/token (private_key_jwt)
  rotate  <habilitation> [--recouvrement 7 | --maintenant]
                                          de nouveaux jeton et secret ; les anciens finissent
  rotate  signature                       une nouvelle clé de signature
  revoke  <habilitation | jeton | secret | clé>`;
