import type { IssueEntry } from '../issue-entry.js';

/** Issues of agents and the clusters they work in (ISM0400–0499). */
export const AGENT_CODES = {} as const satisfies Record<string, IssueEntry>;
