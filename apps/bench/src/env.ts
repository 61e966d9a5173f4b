/** The environment that child processes inherit, with `extra` on top. The one place of this program that reads it. */
export function childEnvironment(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, REDIS_URL: undefined, ...extra };
}
