import type { IssueEntry } from '../issue-entry.js';

/** ISM0930–0939: services that the world outside calls through ingress gateways. */
export const PUBLIC_CODES = {
  ISM0930: {
    severity: 'ERROR',
    title: 'Public service contradicts itself',
    cause: 'Fields that exclude each other are both there, or one that another one needs is missing.',
    fix: 'Do what the message says.',
  },
  ISM0931: {
    severity: 'ERROR',
    title: 'Host is published twice',
    cause:
      'Two public services listen for the same host on the same port of the same ingress gateway, which knows one of them only.',
    fix: 'Remove the host from one of them, or make one a path of the other; a wildcard beside one of its names is fine.',
  },
  ISM0932: {
    severity: 'ERROR',
    title: 'Port of an ingress gateway has two meanings',
    cause: 'A port takes either plain HTTP or TLS; the gateway would drop one of the two.',
    fix: 'Choose another port for one of them.',
  },
  ISM0933: {
    severity: 'WARNING',
    title: 'No ingress gateway found',
    cause: 'No workload of the namespace has the labels by which the public service chooses its gateways.',
    fix: 'Correct namespace and selector, or install a gateway; until then nobody reaches the service there.',
  },
  ISM0934: {
    severity: 'ERROR',
    title: 'Ingress gateway beside an east-west gateway',
    cause:
      'In the namespace of an east-west gateway a global host means the local service only, so an ingress gateway there would never fail over to another cluster.',
    fix: 'Give the ingress gateway a namespace of its own, as Istio recommends.',
  },
  ISM0935: {
    severity: 'WARNING',
    title: 'Service cannot be published',
    cause:
      'Nobody serves it for this cluster, or the port is not there, not the only one, or of a protocol that the gateway cannot publish in this way.',
    fix: 'Name the port; publish ports of HTTP and gRPC with SIMPLE or MUTUAL, ports of TLS, HTTPS and TCP with PASSTHROUGH. Until then requests get 503.',
  },
  ISM0936: {
    severity: 'WARNING',
    title: 'Records of several clusters are one record',
    cause:
      'The ExternalDNS of each cluster makes a record of the host, and each keeps out the others, or overwrites them. Weights give each cluster a record of its own.',
    fix: 'Set dns.weights for every cluster of the gateways, or publish in one cluster only, or make the records by other means.',
  },
  ISM0937: {
    severity: 'WARNING',
    title: 'Ingress gateway is locked out',
    cause:
      'Access policies refuse whom no ALLOW rule admits, and none admits the namespace of the ingress gateway; publishing a service grants no access.',
    fix: 'Add an ALLOW rule from that namespace, or from anyone.',
  },
  ISM0938: {
    severity: 'ERROR',
    title: 'Gateway of a user meets a public service',
    cause:
      'The pods of an ingress gateway serve a port for a host of both, or a port with two protocols; which of the two holds is undefined.',
    fix: 'Remove the host from your Gateway, or from the public service. Yours is never changed.',
  },
  ISM0939: {
    severity: 'WARNING',
    title: 'Rule of a traffic policy does not hold behind the path',
    cause:
      'The rule compares paths by a regular expression, and the public service takes a part of the paths only, or rewrites them: both together cannot be written.',
    fix: 'Compare by EXACT or PREFIX, or publish the service without the path.',
  },
} as const satisfies Record<string, IssueEntry>;
