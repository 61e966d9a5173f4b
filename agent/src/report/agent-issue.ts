import { issue } from '@isthmus/domain';
import type { Issue, IssueCode } from '@isthmus/domain';

/** Codes of agents and of the clusters they work in. */
export type AgentIssueCode = IssueCode & (`ISM04${string}` | 'ISM0570');

/** An issue of the agent's own: severity comes from the catalogue. */
export function agentIssue(
  code: AgentIssueCode,
  fields: { message: string; path: string; hint?: string; cluster?: string },
): Issue {
  return issue(code, fields);
}
