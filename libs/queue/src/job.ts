/** A kind of job: its payload is ids and nothing else, so that a job of yesterday is as good as one of now. */
export interface JobDefinition<N extends string = string, I extends string = string> {
  name: N;
  ids: readonly I[];
}

export type IdsOf<J> = J extends JobDefinition<string, infer I> ? Readonly<Record<I, string>> : never;

/** A payload that does not fit its definition: retrying cannot help. */
export class BadPayloadError extends Error {
  constructor(job: string, reason: string) {
    super(`job ${job}: ${reason}`);
    this.name = 'BadPayloadError';
  }
}

const MAX_ID_LENGTH = 512;

export function defineJob<const N extends string, const I extends string>(
  name: N,
  ids: readonly I[],
): JobDefinition<N, I> {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`a job's name is kebab-case, not ${JSON.stringify(name)}`);
  return { name, ids };
}

/** Parses a payload at both ends: exactly the ids of the definition, each a non-empty string. */
export function parseIds<J extends JobDefinition>(job: J, payload: unknown): IdsOf<J> {
  if (typeof payload !== 'object' || payload === null)
    throw new BadPayloadError(job.name, 'the payload is not an object');
  const known = new Set<string>(job.ids);
  const extra = Object.keys(payload).find((key) => !known.has(key));
  if (extra !== undefined) throw new BadPayloadError(job.name, `unknown id ${JSON.stringify(extra)}`);
  const given = new Map<string, unknown>(Object.entries(payload));
  const entries = job.ids.map((id) => {
    const value = given.get(id);
    if (typeof value !== 'string' || value === '' || value.length > MAX_ID_LENGTH) {
      throw new BadPayloadError(job.name, `${id} must be a string of 1 to ${MAX_ID_LENGTH} characters`);
    }
    return [id, value] as const;
  });
  return Object.fromEntries(entries) as IdsOf<J>;
}
