import { issue, type Issue, type IssueCode } from '@isthmus/domain';

/** Why a change was not made; the words that programs branch on. */
export const FAILURE_CODES = ['INVALID', 'CONFLICT', 'NOT_FOUND', 'IDEMPOTENCY_MISMATCH', 'REFUSED'] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** An expected failure of a mutation; plain data, so that it can be kept for replays. */
export interface MutationFailure {
  failure: FailureCode;
  message: string;
  issues: Issue[];
  /** Uid of the object as it is now, of a conflict. */
  current?: string;
}

interface Details {
  issues?: Issue[];
  current?: string;
}

const NUMBERS: Partial<Record<FailureCode, IssueCode>> = {
  CONFLICT: 'ISM0501',
  NOT_FOUND: 'ISM0502',
  IDEMPOTENCY_MISMATCH: 'ISM0503',
};

/** A failure; where no issues are given, one numbered issue says the same. */
export function failure(code: FailureCode, message: string, details: Details = {}): MutationFailure {
  const number = NUMBERS[code];
  const issues = details.issues ?? (number === undefined ? [] : [issue(number, { message })]);
  return { failure: code, message, issues, ...(details.current === undefined ? {} : { current: details.current }) };
}

/** True if a mutation answered with a failure. */
export function isFailure(outcome: object): outcome is MutationFailure {
  return 'failure' in outcome;
}
