import { hasErrors, type Issue } from '@isthmus/domain';
import { stringify } from 'yaml';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { coloursFor } from './colours.js';
import { issueCounts, issueLines } from './issue-lines.js';

/** How issues are told: as lines on stderr, or as one document on stdout. */
export interface IssueOptions {
  output?: 'json' | 'yaml';
  /** Warnings fail too. */
  strict?: boolean;
}

/** Tells issues and says what they mean for the exit code. */
export function reportIssues(
  terminal: Terminal,
  issues: readonly Issue[],
  { output, strict = false }: IssueOptions = {},
): ExitCode {
  if (output === 'json') terminal.out(`${JSON.stringify({ issues }, null, 2)}\n`);
  else if (output === 'yaml') terminal.out(stringify({ issues }, { lineWidth: 0 }));
  else terminal.err(issueLines(issues, coloursFor(terminal, terminal.isErrTty)));
  const counts = issueCounts(issues);
  if (counts !== '') terminal.err(`${counts}\n`);
  return isFailure(issues, strict) ? EXIT.issues : EXIT.ok;
}

/** True if the issues block: any error, and with `strict` any warning. */
export function isFailure(issues: readonly Issue[], strict: boolean): boolean {
  return hasErrors(issues) || (strict && issues.some(({ severity }) => severity === 'WARNING'));
}
