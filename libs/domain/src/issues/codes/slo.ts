import type { IssueEntry } from '../issue-entry.js';

/** Issues of service level objectives and their measurement (ISM0700–0799). */
export const SLO_CODES = {
  ISM0700: {
    severity: 'WARNING',
    title: 'The metrics store does not answer',
    cause: 'The store that the agent measures with is down, unreachable from the cluster, or slower than the timeout.',
    fix: 'Check the address that the agent has as --prometheus, and the network policies between both. Up to 14 minutes are measured later; beyond that a gap remains and reports grow stale.',
  },
  ISM0701: {
    severity: 'WARNING',
    title: 'The metrics store refuses the query',
    cause:
      'The store wants another or no token, forbids the query, limits what it may load, or is no store that speaks PromQL.',
    fix: "Ask the store the same by hand with the agent's token; see the message for its answer.",
  },
  ISM0702: {
    severity: 'WARNING',
    title: 'The token for the metrics store cannot be read',
    cause: 'The file given as --prometheus-token-file is missing, not readable for the agent, or empty.',
    fix: "Mount the file and let the agent's user read it; it is read again for each query.",
  },
  ISM0703: {
    severity: 'INFO',
    title: 'Objectives are not measured on this mesh',
    cause: 'This release has no queries for the metrics of the mesh that the cluster runs.',
    fix: 'Objectives on hosts of this cluster count what other clusters serve; nothing is assumed about this one.',
  },
  ISM0704: {
    severity: 'WARNING',
    title: 'Too many services to report',
    cause: 'A cluster has more measured services of one global namespace than one report carries (5,000).',
    fix: 'Divide the global namespace; the services beyond, in order of hosts, have no data.',
  },
  ISM0705: {
    severity: 'WARNING',
    title: 'Signals too old or from the future',
    cause:
      'The clock of the cluster and that of the centre differ by minutes, or the agent was away longer than it keeps signals.',
    fix: 'Let both take their time from NTP.',
  },
} as const satisfies Record<string, IssueEntry>;
