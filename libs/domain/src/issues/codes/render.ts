import type { IssueEntry } from '../issue-entry.js';

/** Issues of what renderers refuse or leave out (ISM0300–0399). */
export const RENDER_CODES = {} as const satisfies Record<string, IssueEntry>;
