import type { IssueEntry } from '../issue-entry.js';

/** Issues of the API: concurrency, rights, limits (ISM0500–0599). */
export const API_CODES = {} as const satisfies Record<string, IssueEntry>;
