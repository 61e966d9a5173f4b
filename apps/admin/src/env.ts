import * as z from 'zod';

const schema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://user:password@host:port/database' })
    .describe('Postgres to work on, as the owner of its tables'),
});

/** Settings of the operator's commands. */
export interface AdminEnv {
  databaseUrl: string;
}

/** Settings, or every fault at once: one line a variable. No value is repeated in a fault: it may be a secret. */
export type EnvResult = { ok: true; env: Readonly<AdminEnv> } | { ok: false; faults: string[] };

/** Reads settings from variables; an empty variable counts as absent. */
export function parseEnv(variables: Record<string, string | undefined>): EnvResult {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success)
    return { ok: false, faults: result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  return { ok: true, env: Object.freeze({ databaseUrl: result.data.DATABASE_URL }) };
}

/** The one place of this program that reads the environment. */
export function readEnv(): EnvResult {
  return parseEnv(process.env);
}

/** Every variable with its meaning, for the generated table. */
export const ENV_VARIABLES: readonly { name: string; default: string; description: string }[] = Object.entries(
  schema.shape,
).map(([name, field]) => ({ name, default: 'required', description: field.description ?? '' }));
