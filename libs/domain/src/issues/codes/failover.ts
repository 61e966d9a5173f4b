import type { IssueEntry } from '../issue-entry.js';

/** ISM0870–0879: failover policies. */
export const FAILOVER_CODES = {
  ISM0870: {
    severity: 'ERROR',
    title: 'Failover policy contradicts itself',
    cause:
      'Tiers belong to mode ORDERED, which needs them; clusterWeights belong to ACTIVE_ACTIVE; a tier names clusters or regions; force belongs to a cordon with mode DRAIN.',
    fix: 'Set the mode that you mean, and leave out the field that the message names.',
  },
  ISM0871: {
    severity: 'ERROR',
    title: 'Failover policy targets a port',
    cause: 'All ports of a service are behind the same endpoints, so their order and cordons cannot differ by port.',
    fix: 'Target the service.',
  },
  ISM0872: {
    severity: 'ERROR',
    title: 'Cluster or region stands twice in an order or in weights',
    cause: 'A cluster has one place in the order and one weight.',
    fix: 'Remove one of the two.',
  },
  ISM0873: {
    severity: 'ERROR',
    title: 'Weights do not add up to 100',
    cause: 'clusterWeights are shares of all requests in whole percent.',
    fix: 'Correct the weights.',
  },
  ISM0874: {
    severity: 'WARNING',
    title: 'Failover policy names an unknown cluster',
    cause: 'No Cluster of that name is registered, so the entry has no effect until there is one.',
    fix: 'Register the cluster, or correct the name.',
  },
  ISM0875: {
    severity: 'WARNING',
    title: 'No cluster is in the region of a tier',
    cause: 'No registered Cluster has a spec.locality that begins with that region, so the entry has no effect.',
    fix: 'Correct the region, or set spec.locality of the clusters.',
  },
  ISM0876: {
    severity: 'WARNING',
    title: 'Cordons cover every cluster that serves a service',
    cause:
      'Nobody is left to take the traffic over. It stays where it is, unless a cordon has force: then the service cannot be called.',
    fix: 'Take one cluster out of the cordons, or let another one serve the service first.',
  },
  ISM0877: {
    severity: 'WARNING',
    title: 'Cordon is not followed, because nobody else serves the host',
    cause: 'Every cluster that workloads of this cluster could call for the host is cordoned, so traffic stays there.',
    fix: 'Let another cluster serve the host, or set force to give the host up.',
  },
  ISM0878: {
    severity: 'WARNING',
    title: 'Weights leave out a cluster that serves',
    cause:
      'A cluster without weight gets no request, not even when all others fail: proxies either follow weights or an order.',
    fix: 'Give it a weight of at least 1, or use mode ORDERED for a standby.',
  },
  ISM0879: {
    severity: 'WARNING',
    title: 'Host cannot be called, because a cordon with force covers everybody who serves it',
    cause: 'A cordon with mode DRAIN and force takes the last endpoints off.',
    fix: 'Remove the cordon, or force, when the host shall be called again.',
  },
} as const satisfies Record<string, IssueEntry>;
