import { issue } from '@isthmus/domain';
import type { Issue, IssueCode } from '@isthmus/domain';

/** An issue of the agent's own: severity comes from the catalogue. */
export function agentIssue(
  code: IssueCode & `ISM04${string}`,
  fields: { message: string; path: string; hint?: string; cluster?: string },
): Issue {
  return issue(code, fields);
}
