import { isIssueCode, type Issue, type Severity } from '@isthmus/domain';

const SEVERITIES: readonly Severity[] = ['ERROR', 'WARNING', 'INFO'];

function isIssue(value: unknown): value is Issue {
  if (typeof value !== 'object' || value === null) return false;
  const { code, severity, path, message } = value as Partial<Record<keyof Issue, unknown>>;
  const isKnown = typeof code === 'string' && (isIssueCode(code) || /^ISM\d{4}$/.test(code));
  return (
    isKnown && SEVERITIES.some((known) => known === severity) && typeof path === 'string' && typeof message === 'string'
  );
}

/** Issues as they were stored; what is no issue is left out, a code of a newer release stays. */
export function issuesOfJson(values: unknown): Issue[] {
  return Array.isArray(values) ? values.filter(isIssue) : [];
}
