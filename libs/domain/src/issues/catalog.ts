import { ACCESS_CODES } from './codes/access.js';
import { AGENT_CODES } from './codes/agent.js';
import { API_CODES } from './codes/api.js';
import { AUDIT_CODES } from './codes/audit.js';
import { CLI_CODES } from './codes/cli.js';
import { COMPILE_CODES } from './codes/compile.js';
import { DOMAIN_CODES } from './codes/domain.js';
import { LINT_CODES } from './codes/lint.js';
import { EDGE_CODES } from './codes/edge.js';
import { FAILOVER_CODES } from './codes/failover.js';
import { PUBLIC_CODES } from './codes/public.js';
import { POLICY_CODES } from './codes/policy.js';
import { ROLE_CODES } from './codes/roles.js';
import { RENDER_CODES } from './codes/render.js';
import { SCHEMA_CODES } from './codes/schema.js';
import { SECURITY_CODES } from './codes/security.js';
import { SIGN_IN_CODES } from './codes/sign-in.js';
import { SLO_CODES } from './codes/slo.js';
import { START_CODES } from './codes/start.js';
import { TRAFFIC_CODES } from './codes/traffic.js';
import type { IssueEntry } from './issue-entry.js';

/** Every area with its range of numbers; a code lives in exactly one. */
export const ISSUE_AREAS = [
  { title: 'Documents and resources', first: 1, last: 99, codes: SCHEMA_CODES },
  { title: 'Bundles and relations between resources', first: 100, last: 199, codes: DOMAIN_CODES },
  { title: 'Compile, catalog and virtual addresses', first: 200, last: 299, codes: COMPILE_CODES },
  { title: 'Rendering', first: 300, last: 399, codes: RENDER_CODES },
  { title: 'Agents and clusters', first: 400, last: 499, codes: AGENT_CODES },
  { title: 'API', first: 500, last: 599, codes: API_CODES },
  { title: 'Security of the edge', first: 570, last: 579, codes: SECURITY_CODES },
  { title: 'Command line', first: 600, last: 699, codes: CLI_CODES },
  { title: 'Service level objectives', first: 700, last: 799, codes: SLO_CODES },
  { title: 'npm start', first: 706, last: 709, codes: START_CODES },
  { title: 'Cross-cluster lint', first: 800, last: 839, codes: LINT_CODES },
  { title: 'Traffic policies', first: 840, last: 869, codes: TRAFFIC_CODES },
  { title: 'External and edge', first: 910, last: 949, codes: EDGE_CODES },
  { title: 'Public services', first: 930, last: 939, codes: PUBLIC_CODES },
  { title: 'Failover policies', first: 870, last: 879, codes: FAILOVER_CODES },
  { title: 'Access policies', first: 880, last: 909, codes: ACCESS_CODES },
  { title: 'Policies', first: 950, last: 969, codes: POLICY_CODES },
  { title: 'Audit log', first: 970, last: 979, codes: AUDIT_CODES },
  { title: 'Roles', first: 980, last: 988, codes: ROLE_CODES },
  { title: 'Sign-in', first: 989, last: 999, codes: SIGN_IN_CODES },
] as const satisfies readonly { title: string; first: number; last: number; codes: Record<string, IssueEntry> }[];

const CATALOG = {
  ...SCHEMA_CODES,
  ...DOMAIN_CODES,
  ...COMPILE_CODES,
  ...RENDER_CODES,
  ...AGENT_CODES,
  ...API_CODES,
  ...CLI_CODES,
  ...SECURITY_CODES,
  ...SLO_CODES,
  ...START_CODES,
  ...LINT_CODES,
  ...TRAFFIC_CODES,
  ...EDGE_CODES,
  ...PUBLIC_CODES,
  ...FAILOVER_CODES,
  ...ACCESS_CODES,
  ...POLICY_CODES,
  ...AUDIT_CODES,
  ...ROLE_CODES,
  ...SIGN_IN_CODES,
} as const;

/** The number of a diagnostic; documented and never given another meaning. */
export type IssueCode = keyof typeof CATALOG;

/** The whole catalogue: every code has an entry, every entry a code. */
export const ISSUE_CATALOG: Readonly<Record<IssueCode, IssueEntry>> = CATALOG;

/** True if the text is a code of this release's catalogue; an agent may be newer than the reader. */
export function isIssueCode(text: string): text is IssueCode {
  return Object.hasOwn(ISSUE_CATALOG, text);
}
