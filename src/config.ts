import { readFileSync } from 'node:fs';
import { z } from 'zod';

const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(65_535));
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const sourcesUrl = z.url({ protocol: /^https?$/ });

const redisUrls = z
  .string()
  .transform((urls) => urls.split(',').map((url) => url.trim()))
  .pipe(z.array(z.url({ protocol: /^rediss?$/ })).min(1));

const secretKey = z
  .base64()
  .transform((key) => Buffer.from(key, 'base64'))
  .refine((key) => key.length === 32);

/** The first is in use; those after it were before, and what was made with them still counts. */
const secretKeys = z
  .string()
  .transform((keys) => keys.split(',').map((key) => key.trim()))
  .pipe(z.array(secretKey).min(1).max(8));

const mebibytes = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);
const seconds = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number);
const workers = z.union([
  z.literal('auto'),
  z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number),
]);

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  SOURCES_URL: sourcesUrl.optional(),
  SOURCES_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
  SANDBOX_PORT: port.default(4000),
  REDIS_URL: redisUrls.optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  CACHE_ENCRYPTION_KEY: secretKeys.optional(),
  JOURNAL_KEY: secretKeys.optional(),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url))
    .refine(({ href, origin }) => href === `${origin}/`)
    .transform(({ origin }) => origin)
    .optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional(),
  S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .optional(),
  S3_ACCESS_KEY: z
    .string()
    .regex(/^[\w.:@$+=-]{1,256}$/)
    .optional(),
  S3_SECRET_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/)
    .optional(),
  S3_ADDRESSING: z.enum(['path', 'host']).optional(),
  MEMORY_CACHE_MIB: mebibytes.default(128),
  WORKERS: workers.default(1),
  DRAIN_SECONDS: seconds.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  DEMARCHE_NUMERIQUE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url))
    .refine(({ protocol, hostname }) => protocol === 'https:' || isLoopback(hostname))
    .transform(({ origin }) => origin)
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/)
    .optional(),
  /** Set by the gateway for its own processes: the demonstration is open (docs/access.md). */
  DEMONSTRATION_OPENED: z.literal('1').optional(),
  LOG_LEVEL: z.enum(LEVELS).default('info'),
});

const EXPECTED: Record<keyof typeof environmentSchema.shape, string> = {
  HOST: 'une adresse ou un nom de machine',
  PORT: 'un port, de 0 à 65535',
  SOURCES_URL: 'une adresse http(s) : celle d’une API Entreprise',
  SOURCES_TOKEN: 'le jeton de cette API',
  SANDBOX_PORT: 'un port, de 0 à 65535',
  REDIS_URL: 'une adresse redis:// ou rediss://, ou plusieurs séparées par des virgules',
  DATABASE_URL: 'une adresse postgres://',
  DATA_DIR: 'un dossier',
  CACHE_ENCRYPTION_KEY: '32 octets en base64 ; plusieurs séparés par des virgules, le premier en usage',
  JOURNAL_KEY: '32 octets en base64 ; plusieurs séparés par des virgules, le premier en usage',
  S3_ENDPOINT: 'une adresse http(s) sans chemin : celle d’un stockage S3, où les documents sont conservés',
  S3_BUCKET: 'le nom d’un compartiment de ce stockage',
  S3_REGION: 'la région de ce compartiment, comme fr-par',
  S3_ACCESS_KEY: 'l’identifiant de la clé qui ouvre ce compartiment',
  S3_SECRET_KEY: 'le secret de cette clé',
  S3_ADDRESSING: 'path ou host : le compartiment est nommé dans le chemin, ou devant le nom de la machine',
  MEMORY_CACHE_MIB: 'un nombre de mébioctets',
  WORKERS: 'un nombre de processus, ou auto : un par cœur',
  DRAIN_SECONDS: 'un nombre de secondes',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'une adresse http(s) : celle d’un collecteur OpenTelemetry',
  PUBLIC_URL: 'l’adresse http(s) sous laquelle la passerelle est appelée',
  DEMARCHE_NUMERIQUE_URL:
    'l’adresse https de Démarche numérique, comme https://demarche.numerique.gouv.fr, où des dossiers peuvent être préremplis',
  METRICS_TOKEN: 'un jeton d’au moins 16 caractères',
  DEMONSTRATION_OPENED: '1',
  LOG_LEVEL: LEVELS.join(', '),
};

/** Whose value may be in the file that `<name>_FILE` names, as orchestrators hand out secrets. */
export const SECRETS = [
  'SOURCES_TOKEN',
  'REDIS_URL',
  'DATABASE_URL',
  'CACHE_ENCRYPTION_KEY',
  'JOURNAL_KEY',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'METRICS_TOKEN',
] as const satisfies (keyof typeof environmentSchema.shape)[];

export type Config = Readonly<z.output<typeof environmentSchema>>;

/** All of them, or none and nothing else of S3. */
const S3_NEEDED = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'];
const S3_NAMES = [...S3_NEEDED, 'S3_REGION', 'S3_ADDRESSING'];

/** One message that names every variable whose value cannot be used; values are never repeated. */
export class ConfigError extends Error {}

/**
 * Reads the environment; an empty variable counts as absent.
 * @throws ConfigError
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { given, unread } = withFiles(present);
  const parsed = environmentSchema.safeParse(given);
  const names = parsed.success ? [] : [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  const problems = [
    ...names.map((name) => `  ${name} : ${EXPECTED[name as keyof typeof EXPECTED]}`),
    ...unread.map((name) => `  ${name} : un fichier lisible, et rien dans la variable sans _FILE`),
  ];
  if (needsKey(given)) {
    problems.push(
      '  CACHE_ENCRYPTION_KEY : nécessaire dès que Redis ou le stockage S3 est sur une autre machine',
    );
  }
  problems.push(...missingOfS3(given).map((name) => `  ${name} : nécessaire avec les autres variables S3_…`));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(`Configuration refusée. Attendu :\n${problems.join('\n')}`);
  }
  return Object.freeze(parsed.data);
}

/** Variables with what the files hold, without the end of line that editors leave; names of those that cannot be read. */
function withFiles(present: Record<string, string | undefined>) {
  const given = { ...present };
  const unread: string[] = [];
  for (const secret of SECRETS) {
    const name = `${secret}_FILE`;
    const path = present[name];
    if (path === undefined) continue;
    const text = present[secret] === undefined ? textIn(path) : null;
    if (text === null) unread.push(name);
    else given[secret] = text;
  }
  return { given, unread };
}

function textIn(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return null;
  }
}

/** Judged on what is given, so that it is told together with whatever else cannot be used. */
function needsKey({
  REDIS_URL,
  S3_ENDPOINT,
  CACHE_ENCRYPTION_KEY,
}: Record<string, string | undefined>): boolean {
  const urls = [...(redisUrls.safeParse(REDIS_URL).data ?? []), ...(S3_ENDPOINT ? [S3_ENDPOINT] : [])];
  const hosts = urls.flatMap((url) => URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? []);
  return !CACHE_ENCRYPTION_KEY && !hosts.every(isLoopback);
}

function missingOfS3(given: Record<string, string | undefined>): string[] {
  const isWanted = S3_NAMES.some((name) => given[name] !== undefined);
  return isWanted ? S3_NEEDED.filter((name) => given[name] === undefined) : [];
}

export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host);
}
