import type { FailureKind, FieldConflict, KubeFailure } from './result.js';

/** Status code, headers and body of an answer that is no success. */
export interface RefusedAnswer {
  status: number;
  retryAfter?: string | undefined;
  body: unknown;
}

interface StatusDetails {
  name?: string;
  kind?: string;
  retryAfterSeconds?: number;
  causes?: { reason?: string; message?: string; field?: string }[];
}

interface Status {
  message?: string;
  reason?: string;
  details?: StatusDetails;
}

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'notServed',
  409: 'conflict',
  410: 'gone',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
};

/** Sorts what an apiserver answered. Whatever is not known to be final is transient. */
export function failureOf({ status, retryAfter, body }: RefusedAnswer): KubeFailure {
  const said = statusOf(body);
  const { details = {} } = said;
  const failure: KubeFailure = { kind: kindOf(status, said), message: said.message ?? `status ${status}`, status };
  const seconds = details.retryAfterSeconds ?? Number(retryAfter ?? Number.NaN);
  if (seconds >= 0) failure.retryAfterMs = Math.min(seconds, 60) * 1000;
  const { kind, name } = details;
  if (kind !== undefined && name !== undefined) failure.subject = { kind, name };
  const conflicts = conflictsOf(details);
  if (conflicts.length > 0) failure.conflicts = conflicts;
  return failure;
}

function kindOf(status: number, said: Status): FailureKind {
  return EXCEPTIONS[status]?.(said) ?? BY_STATUS[status] ?? 'transient';
}

/** Where the status code alone would mislead. */
const EXCEPTIONS: Readonly<Record<number, (said: Status) => FailureKind | undefined>> = {
  403: ({ message }) => (isTermination(message) ? 'transient' : undefined),
  404: ({ details }) => (details?.name === undefined ? 'notServed' : undefined),
  409: ({ reason }) => (reason === 'AlreadyExists' ? 'alreadyExists' : undefined),
  422: ({ details }) => (details?.causes?.some(({ field }) => field === 'metadata.uid') ? 'conflict' : undefined),
  500: ({ message }) => (isSchemaFault(message) ? 'invalid' : undefined),
};

/** Creating in a namespace that is being deleted is answered by 403, although no right is missing. */
function isTermination(message = ''): boolean {
  return message.includes('because it is being terminated');
}

/** A field that the schema does not know makes server-side apply answer 500. */
function isSchemaFault(message = ''): boolean {
  return /failed to create typed patch object|field not declared in schema/.test(message);
}

function conflictsOf({ causes = [] }: StatusDetails): FieldConflict[] {
  const refused = causes.filter(({ reason }) => reason === 'FieldManagerConflict');
  return refused.map(({ message = '', field = '' }) => ({ manager: /"([^"]*)"/.exec(message)?.[1] ?? message, field }));
}

function statusOf(body: unknown): Status {
  if (typeof body === 'string') return body === '' ? {} : { message: body.slice(0, 500) };
  return typeof body === 'object' && body !== null ? body : {};
}
