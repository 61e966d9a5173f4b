import { join, resolve } from 'node:path';
import { LOG_LEVELS, type KeySource } from '@isthmus/platform';
import * as z from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  DATABASE_URL: z.string().min(1).describe('Postgres that holds everything'),
  REDIS_URL: z
    .string()
    .min(1)
    .optional()
    .describe('Redis or Valkey for the queue; without it the queue lies in Postgres'),
  DATA_DIR: z.string().min(1).default('.isthmus').describe('Folder for the signing key, if no file is named'),
  STATEMENT_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('Ed25519 private key (PKCS#8 PEM) that signs statements; made at first start'),
  STATEMENT_KEYS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('Public keys (SPKI PEM) that agents pin; written beside the private key'),
  SECRETS_KEYS: z
    .string()
    .min(1)
    .optional()
    .describe('Keys that seal private keys at rest, comma-separated id:base64 of 32 bytes; the first seals, all open'),
  SECRETS_KEYS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('The same in a file, one a line; without either, private keys lie in files of mode 0600 in the clear'),
  SECRETS_SERVICE_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('JSON file that names a key of a Vault or OpenBao transit engine, which then seals (docs/security.md)'),
  HEALTH_HOST: z.string().min(1).default('127.0.0.1').describe('Address of /healthz, /readyz, /metrics and /version'),
  HEALTH_PORT: port.optional().describe('Port of the health endpoints; without it there are none'),
  CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4).describe('Compiles at once in this process'),
  OWNER_WAIT_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3600)
    .default(30)
    .describe('How long routes wait for the owners of versions that they begin to name; 0: not at all'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe('Least severe level that is logged'),
});

/** Settings of the worker; the paths of the keys are absolute. */
export interface WorkerEnv {
  databaseUrl: string;
  redisUrl: string | undefined;
  privateKeyFile: string;
  publicKeysFile: string;
  secretKeys: KeySource;
  health: { host: string; port: number } | undefined;
  concurrency: number;
  ownerWaitMs: number;
  logLevel: (typeof LOG_LEVELS)[number];
}

/** Settings, or every fault at once: one line a variable. */
export type EnvResult = { ok: true; env: Readonly<WorkerEnv> } | { ok: false; faults: string[] };

/** Reads settings from variables; an empty variable counts as absent. */
export function parseEnv(variables: Record<string, string | undefined>): EnvResult {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) {
    return { ok: false, faults: result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  }
  const { data } = result;
  const keys = join(resolve(data.DATA_DIR), 'keys');
  const env = {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    privateKeyFile: resolve(data.STATEMENT_KEY_FILE ?? join(keys, 'statement-key.pem')),
    publicKeysFile: resolve(data.STATEMENT_KEYS_FILE ?? join(keys, 'statement-keys.pub.pem')),
    secretKeys: { text: data.SECRETS_KEYS, file: data.SECRETS_KEYS_FILE, service: data.SECRETS_SERVICE_FILE },
    health: data.HEALTH_PORT === undefined ? undefined : { host: data.HEALTH_HOST, port: data.HEALTH_PORT },
    concurrency: data.CONCURRENCY,
    ownerWaitMs: data.OWNER_WAIT_SECONDS * 1000,
    logLevel: data.LOG_LEVEL,
  };
  return { ok: true, env: Object.freeze(env) };
}

/** The one place of this program that reads the environment. */
export function readEnv(): EnvResult {
  return parseEnv(process.env);
}

/** Every variable with its meaning, for the generated table. */
export const ENV_VARIABLES: readonly { name: string; description: string }[] = Object.entries(schema.shape).map(
  ([name, field]) => ({ name, description: field.description ?? '' }),
);
