import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Logger } from '@isthmus/platform';
import { BadCursorError, errorCode, faultOf } from '@isthmus/store';

/** What Postgres says of a statement that it ended for its time. */
const QUERY_CANCELED = '57014';

/** Told while Postgres is started again or replaced: a change that was under way may or may not have been made. */
export const DATABASE_AWAY = 'The database cannot be reached now: try again in a moment';

interface Masking {
  requestId: string;
  log: Logger;
}

/** Faults become one sentence with the request's id; what was thrown goes to the log. Every error carries the id. */
export function maskErrors<R extends ExecutionResult>(result: R, masking: Masking): R {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map((error) => maskError(error, masking)) };
}

/** An error of an operation that was not run, with a code for programs and the request's id. */
export function refusal(error: GraphQLError, requestId: string): GraphQLError {
  const { nodes, source, positions, path, extensions } = error;
  const place = { nodes, source, positions, path };
  return new GraphQLError(withoutValue(error), {
    ...place,
    extensions: { code: 'BAD_USER_INPUT', ...extensions, requestId },
  });
}

/** What is wrong with a variable, and where in it, without the value: it may be a secret, and whoever calls writes errors into logs. */
function withoutValue({ message, originalError }: GraphQLError): string {
  const [, variable] = /^Variable "(\$\w+)" got invalid value /.exec(message) ?? [];
  if (variable === undefined || originalError === undefined) return message;
  const value = message.slice(0, -`; ${originalError.message}`.length);
  const [at = ''] = / at "[\w.[\]]+"$/.exec(value) ?? [];
  const reason = originalError.message
    .replace(/^(\w+ cannot represent [^:]*): .*$/s, '$1.')
    .replace(/^Value ".*" does not exist in ("\w+" enum\.)/s, 'The value does not exist in $1');
  return `Variable "${variable}" got an invalid value${at}; ${reason}`;
}

function maskError(error: GraphQLError, { requestId, log }: Masking): GraphQLError {
  const original = rootCause(error);
  if (original === undefined) return refusal(error, requestId);
  const place = { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path };
  if (original instanceof BadCursorError) {
    return new GraphQLError('after is no cursor of this list', {
      ...place,
      extensions: { code: 'BAD_USER_INPUT', requestId },
    });
  }
  if (errorCode(original) === QUERY_CANCELED) {
    return new GraphQLError('A statement took longer than the database may take', {
      ...place,
      extensions: { code: 'TIMEOUT', requestId },
    });
  }
  log.error({ err: original, requestId, path: error.path }, 'an operation failed');
  if (faultOf(original) === 'connection')
    return new GraphQLError(DATABASE_AWAY, { ...place, extensions: { code: 'UNAVAILABLE', requestId } });
  return new GraphQLError(`Something went wrong on the server. Request id: ${requestId}`, {
    ...place,
    extensions: { code: 'INTERNAL', requestId },
  });
}

/** What was thrown, unless it was a GraphQLError: those are written for callers. */
function rootCause(error: GraphQLError): unknown {
  const { originalError } = error;
  if (originalError === undefined) return undefined;
  return originalError instanceof GraphQLError ? rootCause(originalError) : originalError;
}
