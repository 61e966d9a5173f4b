import type { Issue } from '../issues/issue.js';
import type { LintSite } from './lint-site.js';

/** One rule: what users' objects in one cluster mean for one global namespace. */
export type LintRule = (site: LintSite) => Issue[];
