import type { IssueEntry } from '../issue-entry.js';

/** Issues of service level objectives (ISM0700–0799). */
export const SLO_CODES = {} as const satisfies Record<string, IssueEntry>;
