import type { Severity } from './issue.js';

/** What the catalogue says of one code. */
export interface IssueEntry {
  severity: Severity;
  title: string;
  cause: string;
  fix: string;
}
