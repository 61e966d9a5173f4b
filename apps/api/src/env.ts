import { join, resolve } from 'node:path';
import { type KeySource, LOG_LEVELS } from '@isthmus/platform';
import * as z from 'zod';
import { DOCUMENT_POLICIES, type DocumentPolicy } from './graphql/persisted-documents.js';
import { DEFAULT_RATE_LIMITS, type RateLimits } from './server/rate-limit.js';

const port = z.coerce.number('must be a number').int().min(0).max(65_535);
const rate = z.coerce.number('must be a number').int().min(1).max(100_000);
const flag = z.enum(['0', '1', 'false', 'true']).transform((text) => text === '1' || text === 'true');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** The documented variables; the table in docs/configuration.md is made from this. */
const schema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('Address that GraphQL listens on'),
  PORT: port.default(4000).describe('Port of GraphQL, GraphiQL and health'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://user:password@host:port/database' })
    .describe('Postgres that holds everything'),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10).describe('Connections to Postgres'),
  MIGRATE: flag.default(false).describe('1: bring the database to the newest schema first; the same as --migrate'),
  GATEWAY_HOST: z.string().min(1).default('127.0.0.1').describe('Address that the agent gateway listens on'),
  GATEWAY_PORT: port.default(4443).describe('Port of the agent gateway (TLS, never behind a terminating proxy)'),
  GATEWAY_URL: z
    .url({ protocol: /^https$/, error: 'must be https://host:port' })
    .optional()
    .describe('Address that agents dial; by default the gateway’s own host and port'),
  GATEWAY_NAMES: list
    .default([])
    .describe('More DNS names and addresses that stand in the gateway’s certificate, comma-separated'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.isthmus')
    .describe('Folder for keys and the first admin token, where these are not set'),
  ADMIN_TOKEN_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File that the first admin token is written to, mode 0600; by default admin-token in DATA_DIR'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be https://host' })
    .optional()
    .describe('Where browsers find this API, for sign-in: https://host; by default http with its own host and port'),
  SIGN_IN_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File that says how people sign in (docs/sign-in.md); without it API tokens alone count'),
  SIGN_IN_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Key that seals tokens of identity providers, the same for every API; by default sign-in.key in DATA_DIR',
    ),
  GATEWAY_KEYS_DIR: z.string().min(1).optional().describe('Folder of the gateway’s CA; by default gateway in DATA_DIR'),
  STATEMENT_KEYS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('Public keys that agents pin, written by the worker; by default keys/statement-keys.pub.pem in DATA_DIR'),
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
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token that /metrics asks for; without it /metrics is open'),
  CORS_ORIGINS: list.default([]).describe('Origins whose pages may call the API, comma-separated'),
  BODY_LIMIT_MIB: z.coerce.number().int().min(1).max(64).default(10).describe('Largest request in MiB'),
  OPERATION_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .max(600_000)
    .default(60_000)
    .describe('Time that one query or mutation may take'),
  STATEMENT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('Time that one statement in Postgres may take; then Postgres ends it'),
  RATE_LIMIT_ORGANIZATION: rate
    .default(DEFAULT_RATE_LIMITS.organization)
    .describe('Operations a second of one organization, on average over ten seconds, over all processes of the API'),
  RATE_LIMIT_CALLER: rate
    .default(DEFAULT_RATE_LIMITS.caller)
    .describe('Operations a second of one token, on average over ten seconds, over all processes of the API'),
  DOCUMENTS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('JSON file of documents that clients may name by hash: {"sha256:…": "query { … }"}'),
  DOCUMENTS: z
    .enum(DOCUMENT_POLICIES)
    .default('any')
    .describe('any: every document runs; persisted: only those of DOCUMENTS_FILE do'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe('Least severe level that is logged'),
});

type Variables = z.infer<typeof schema>;

/** Settings of the API; every path is absolute. */
export interface ApiEnv {
  host: string;
  port: number;
  databaseUrl: string;
  databasePool: number;
  migrate: boolean;
  gateway: { host: string; port: number; url: string; names: string[]; keysDir: string; statementKeysFile: string };
  adminTokenFile: string;
  signIn: { publicUrl: URL; file: string | undefined; keyFile: string };
  secretKeys: KeySource;
  metricsToken: string | undefined;
  corsOrigins: string[];
  bodyLimitBytes: number;
  timeoutMs: number;
  statementTimeoutMs: number;
  rateLimits: RateLimits;
  documents: { file: string | undefined; policy: DocumentPolicy };
  logLevel: (typeof LOG_LEVELS)[number];
}

/** Settings, or every fault at once: one line a variable. */
export type EnvResult = { ok: true; env: Readonly<ApiEnv> } | { ok: false; faults: string[] };

/** Reads settings from variables; an empty variable counts as absent. No value is repeated in a fault: it may be a secret. */
export function parseEnv(variables: Record<string, string | undefined>, argv: readonly string[] = []): EnvResult {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const unknown = argv
    .filter((argument) => argument !== '--migrate')
    .map((argument) => `${argument}: unknown argument`);
  const result = schema.safeParse(given);
  const faults = result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (!result.success || unknown.length > 0) return { ok: false, faults: [...unknown, ...faults] };
  const env = settingsOf(result.data);
  return { ok: true, env: Object.freeze({ ...env, migrate: env.migrate || argv.includes('--migrate') }) };
}

function settingsOf(data: Variables): ApiEnv {
  const home = resolve(data.DATA_DIR);
  const url = data.GATEWAY_URL ?? `https://${data.GATEWAY_HOST}:${data.GATEWAY_PORT}`;
  return {
    host: data.HOST,
    port: data.PORT,
    databaseUrl: data.DATABASE_URL,
    databasePool: data.DATABASE_POOL,
    migrate: data.MIGRATE,
    gateway: {
      host: data.GATEWAY_HOST,
      port: data.GATEWAY_PORT,
      url,
      names: [...new Set([new URL(url).hostname, ...data.GATEWAY_NAMES, 'localhost', '127.0.0.1'])],
      keysDir: resolve(data.GATEWAY_KEYS_DIR ?? join(home, 'gateway')),
      statementKeysFile: resolve(data.STATEMENT_KEYS_FILE ?? join(home, 'keys', 'statement-keys.pub.pem')),
    },
    adminTokenFile: resolve(data.ADMIN_TOKEN_FILE ?? join(home, 'admin-token')),
    signIn: {
      publicUrl: new URL(
        data.PUBLIC_URL ?? `http://${data.HOST.includes(':') ? `[${data.HOST}]` : data.HOST}:${data.PORT}`,
      ),
      file: data.SIGN_IN_FILE === undefined ? undefined : resolve(data.SIGN_IN_FILE),
      keyFile: resolve(data.SIGN_IN_KEY_FILE ?? join(home, 'sign-in.key')),
    },
    secretKeys: { text: data.SECRETS_KEYS, file: data.SECRETS_KEYS_FILE, service: data.SECRETS_SERVICE_FILE },
    metricsToken: data.METRICS_TOKEN,
    corsOrigins: data.CORS_ORIGINS,
    bodyLimitBytes: data.BODY_LIMIT_MIB * 1024 * 1024,
    timeoutMs: data.OPERATION_TIMEOUT_MS,
    statementTimeoutMs: data.STATEMENT_TIMEOUT_MS,
    rateLimits: { organization: data.RATE_LIMIT_ORGANIZATION, caller: data.RATE_LIMIT_CALLER },
    documents: { file: data.DOCUMENTS_FILE, policy: data.DOCUMENTS },
    logLevel: data.LOG_LEVEL,
  };
}

/** The one place of this program that reads the environment. */
export function readEnv(): EnvResult {
  return parseEnv(process.env, process.argv.slice(2));
}

/** Every variable with its default and meaning, for the generated table. */
export const ENV_VARIABLES: readonly { name: string; default: string; description: string }[] = Object.entries(
  schema.shape,
).map(([name, field]) => ({ name, default: defaultOf(field), description: field.description ?? '' }));

function defaultOf(field: z.ZodType): string {
  if (!(field instanceof z.ZodDefault)) return field.safeParse(undefined).success ? '' : 'required';
  const value: unknown = field.def.defaultValue;
  if (Array.isArray(value)) return '';
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}
