import { z } from 'zod';

const port = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(65_535));
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const sourcesUrl = z.url({ protocol: /^https?$/ });

const redisUrls = z
  .string()
  .transform((urls) => urls.split(',').map((url) => url.trim()))
  .pipe(z.array(z.url({ protocol: /^rediss?$/ })).min(1));

const encryptionKey = z
  .base64()
  .transform((key) => Buffer.from(key, 'base64'))
  .refine((key) => key.length === 32);

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
  CACHE_ENCRYPTION_KEY: encryptionKey.optional(),
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
  CACHE_ENCRYPTION_KEY: '32 octets en base64',
  LOG_LEVEL: LEVELS.join(', '),
};

export type Config = Readonly<z.output<typeof environmentSchema>>;

/** One message that names every variable whose value cannot be used; values are never repeated. */
export class ConfigError extends Error {}

/**
 * Reads the environment; an empty variable counts as absent.
 * @throws ConfigError
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  const names = parsed.success ? [] : [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  const problems = names.map((name) => `  ${name} : ${EXPECTED[name as keyof typeof EXPECTED]}`);
  if (needsKey(given)) {
    problems.push('  CACHE_ENCRYPTION_KEY : nécessaire dès que Redis est sur une autre machine');
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(`Configuration refusée. Attendu :\n${problems.join('\n')}`);
  }
  return Object.freeze(parsed.data);
}

/** Judged on what is given, so that it is told together with whatever else cannot be used. */
function needsKey({ REDIS_URL, CACHE_ENCRYPTION_KEY }: Record<string, string | undefined>): boolean {
  const urls = redisUrls.safeParse(REDIS_URL).data ?? [];
  const hosts = urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
  return !CACHE_ENCRYPTION_KEY && !hosts.every(isLoopback);
}

export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host);
}
