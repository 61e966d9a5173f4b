import type { IssueEntry } from '../issue-entry.js';

/** Issues of the command line (ISM0600–0699). */
export const CLI_CODES = {} as const satisfies Record<string, IssueEntry>;
