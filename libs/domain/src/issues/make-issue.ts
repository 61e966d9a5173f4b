import type { IssueCode } from './catalog.js';
import { ISSUE_CATALOG } from './catalog.js';
import type { Issue } from './issue.js';

/** What an issue says beside its code; `severity` only where the catalogue's does not fit the case. */
export type IssueFields = Omit<Issue, 'code' | 'severity' | 'path'> & Partial<Pick<Issue, 'severity' | 'path'>>;

/** Makes an issue; its severity is the catalogue's unless the fields say otherwise, its path is empty unless given. */
export function issue(code: IssueCode, fields: IssueFields): Issue {
  const { severity = ISSUE_CATALOG[code].severity, path = '', message, ...rest } = fields;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { code, severity, path, message, ...given };
}

/** True if one of the issues blocks. */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === 'ERROR');
}
