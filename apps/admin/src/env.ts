import { join, resolve } from 'node:path';
import type { KeySource } from '@isthmus/platform';
import * as z from 'zod';

const schema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://user:password@host:port/database' })
    .describe('Postgres to work on, as the owner of its tables'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.isthmus')
    .describe('rotate-keys, rotate-ca, retire-ca: folder of the keys of API and worker'),
  GATEWAY_KEYS_DIR: z.string().min(1).optional().describe('rotate-keys, rotate-ca, retire-ca: as the API has it'),
  STATEMENT_KEY_FILE: z.string().min(1).optional().describe('rotate-keys: as the worker has it'),
  SIGN_IN_KEY_FILE: z.string().min(1).optional().describe('rotate-keys: as the API has it'),
  SECRETS_KEYS: z.string().min(1).optional().describe('rotate-keys: the new key first, then those before'),
  SECRETS_KEYS_FILE: z.string().min(1).optional().describe('rotate-keys: the same in a file'),
  SECRETS_SERVICE_FILE: z.string().min(1).optional().describe('rotate-keys: as API and worker have it'),
});

/** Settings of the operator's commands. */
export interface AdminEnv {
  databaseUrl: string;
  gatewayKeysDir: string;
  statementKeyFile: string;
  signInKeyFile: string;
  secretKeys: KeySource;
}

/** Settings, or every fault at once: one line a variable. No value is repeated in a fault: it may be a secret. */
export type EnvResult = { ok: true; env: Readonly<AdminEnv> } | { ok: false; faults: string[] };

/** Reads settings from variables; an empty variable counts as absent. */
export function parseEnv(variables: Record<string, string | undefined>): EnvResult {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success)
    return { ok: false, faults: result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  const { data } = result;
  const home = resolve(data.DATA_DIR);
  const env = {
    databaseUrl: data.DATABASE_URL,
    gatewayKeysDir: resolve(data.GATEWAY_KEYS_DIR ?? join(home, 'gateway')),
    statementKeyFile: resolve(data.STATEMENT_KEY_FILE ?? join(home, 'keys', 'statement-key.pem')),
    signInKeyFile: resolve(data.SIGN_IN_KEY_FILE ?? join(home, 'sign-in.key')),
    secretKeys: { text: data.SECRETS_KEYS, file: data.SECRETS_KEYS_FILE, service: data.SECRETS_SERVICE_FILE },
  };
  return { ok: true, env: Object.freeze(env) };
}

/** The one place of this program that reads the environment. */
export function readEnv(): EnvResult {
  return parseEnv(process.env);
}

/** Every variable with its meaning, for the generated table. */
export const ENV_VARIABLES: readonly { name: string; default: string; description: string }[] = Object.entries(
  schema.shape,
).map(([name, field]) => ({ name, default: defaultOf(field), description: field.description ?? '' }));

function defaultOf(field: z.ZodType): string {
  if (field instanceof z.ZodDefault) return String(field.def.defaultValue);
  return field.safeParse(undefined).success ? '' : 'required';
}
