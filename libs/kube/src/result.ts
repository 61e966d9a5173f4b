/** Why a request did not do what was asked. Only `transient` may help when repeated as it is. */
export type FailureKind =
  | 'transient'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'notServed'
  | 'alreadyExists'
  | 'conflict'
  | 'gone'
  | 'invalid';

/** A field that another manager holds, from a refused server-side apply. */
export interface FieldConflict {
  manager: string;
  field: string;
}

export interface KubeFailure {
  kind: FailureKind;
  message: string;
  status?: number;
  /** The server asked to stay away this long. */
  retryAfterMs?: number;
  /** What the message is about, where the server says it: `namespaces` for a namespace that does not exist. */
  subject?: { kind: string; name: string };
  /** Only of a `conflict` between field managers. */
  conflicts?: FieldConflict[];
}

/** An expected outcome of a request; throwing is for bugs only. */
export type KubeResult<T> = { ok: true; value: T } | { ok: false; failure: KubeFailure };

export function succeed<T>(value: T): KubeResult<T> {
  return { ok: true, value };
}

export function fail<T>(failure: KubeFailure): KubeResult<T> {
  return { ok: false, failure };
}

/** A failure as an error, for callers that cannot go on without the answer. */
export class KubeError extends Error {
  constructor(
    what: string,
    readonly failure: KubeFailure,
  ) {
    super(`${what}: ${failure.message}`);
    this.name = 'KubeError';
  }
}

/** The value, or a KubeError. */
export function orThrow<T>(what: string, result: KubeResult<T>): T {
  if (result.ok) return result.value;
  throw new KubeError(what, result.failure);
}
