import type { IssueEntry } from '../issue-entry.js';

/** ISM0910–0949: telemetry, external services, egress, public services and workloads outside of Kubernetes. */
export const EDGE_CODES = {
  ISM0910: {
    severity: 'ERROR',
    title: 'Telemetry of a single port',
    cause: 'Meshes log, trace and count for a workload as a whole, so a TelemetryPolicy cannot target one port.',
    fix: 'Leave out the port.',
  },
  ISM0911: {
    severity: 'ERROR',
    title: 'Telemetry contradicts itself',
    cause: 'Fields that exclude each other are both there, or both missing, or a name is none that meshes take.',
    fix: 'Do what the message says.',
  },
  ISM0914: {
    severity: 'ERROR',
    title: 'Target narrower than a global namespace',
    cause:
      'External services and rules of egress hold for all workloads of a global namespace, not for one service of it.',
    fix: 'Leave out the field, and target the global namespace or a scope.',
  },
  ISM0915: {
    severity: 'ERROR',
    title: 'Not a host outside of the mesh',
    cause:
      'A host is a lower-case DNS name of two labels or more, or "*." before such a name; no scheme, port, path or address.',
    fix: 'Correct the host; addresses and ports have fields of their own.',
  },
  ISM0916: {
    severity: 'ERROR',
    title: 'Outside host lies inside',
    cause:
      'The host is, lies under or takes in the domain of a global namespace or of a cluster, whose names are answered by the mesh.',
    fix: 'Use another host, or make the service a member of the global namespace.',
  },
  ISM0917: {
    severity: 'ERROR',
    title: 'Port is listed twice',
    cause: 'Each port number has one protocol and one target.',
    fix: 'Remove one of them.',
  },
  ISM0918: {
    severity: 'ERROR',
    title: 'Encryption by the proxy does not fit',
    cause:
      'The proxy is to encrypt what the workload encrypts itself, or what would not reach a server that understands it, or lacks what it needs.',
    fix: 'Do what the message says.',
  },
  ISM0919: {
    severity: 'ERROR',
    title: 'Key material in a resource',
    cause:
      'Keys and certificates live in Secrets of the cluster; resources hold names of Secrets only. What was sent is not stored.',
    fix: 'Create a Secret in the cluster and write its name. Treat the key as known to others.',
  },
  ISM0920: {
    severity: 'ERROR',
    title: 'Resolution contradicts hosts or endpoints',
    cause: 'STATIC needs endpoints with IP addresses, DNS needs names that can be resolved, and NONE has no endpoints.',
    fix: 'Leave the resolution out, or do what the message says.',
  },
  ISM0921: {
    severity: 'WARNING',
    title: 'Host of two external services',
    cause:
      'A host has one meaning in a global namespace. The first external service by project and name keeps it; the other goes without.',
    fix: 'Remove the host from one of them, or narrow the targets.',
  },
  ISM0922: {
    severity: 'ERROR',
    title: 'Allowance of egress contradicts itself',
    cause:
      'Hosts are let through by the name in their requests or handshakes, networks by their addresses; a protocol that names no host is let through by network.',
    fix: 'Do what the message says.',
  },
  ISM0923: {
    severity: 'ERROR',
    title: 'External service is too large',
    cause: 'Meshes take a limited number of hosts, addresses, ports and endpoints in one object.',
    fix: 'Split it into several external services.',
  },
  ISM0924: {
    severity: 'ERROR',
    title: 'Sidecar of a user where egress is ruled',
    cause:
      'Istio takes one Sidecar without selector in a namespace. Beside the one of the egress policy, which of them holds is undefined.',
    fix: 'Give your Sidecar a workloadSelector, or remove it; ours keeps everything visible. Yours is never changed.',
  },
  ISM0925: {
    severity: 'ERROR',
    title: 'Host outside with two meanings in one namespace',
    cause:
      'A namespace belongs to two global namespaces that define a host outside of the mesh differently. Istio puts the servers of both into one pool and takes the ports of one: requests of one go to the servers of the other.',
    fix: 'Define the host once for both (scope PROJECT or ORGANIZATION), in equal words, or take the namespace out of one.',
  },
  ISM0926: {
    severity: 'ERROR',
    title: 'Egress gateway is not there',
    cause:
      'Workloads of a cluster are to call outside through a gateway of which nothing is known there: no such namespace, or no workload with these labels. They get no answer; nobody goes around the gateway.',
    fix: 'Install the gateway in the cluster, or correct namespace and selector of via.',
  },
  ISM0927: {
    severity: 'ERROR',
    title: 'Cannot go through an egress gateway',
    cause:
      'A gateway calls servers that it knows by name or endpoint. Wildcards and networks mean whatever address the workload called, which does not reach the gateway.',
    fix: 'Do what the message says.',
  },
  ISM0928: {
    severity: 'ERROR',
    title: 'Egress policy names an unknown data group',
    cause: 'No DataGroup of that name is in the project of the policy. Nothing is allowed by it.',
    fix: 'Create the group, or correct the name.',
  },
  ISM0929: {
    severity: 'ERROR',
    title: 'Port of a host outside has two protocols',
    cause:
      'The policy and a data group that it names, or two of its groups, say different protocols of one port of a host or network. The first one counts: the policy itself, then groups by name.',
    fix: 'Write the same protocol, or take the host out of one of them.',
  },
  ISM0945: {
    severity: 'ERROR',
    title: 'Not the address of a machine',
    cause:
      'Machines of a site are endpoints that proxies dial: each has an IPv4 address of its own, no name, and none of special use.',
    fix: 'Write the address at which the machine is reached from the cluster.',
  },
  ISM0946: {
    severity: 'ERROR',
    title: 'Machine, service or port stands twice',
    cause:
      'In a site each service and each machine has one name, a service one port of a number, an address serves it once.',
    fix: 'Remove one of them, or correct its name or address.',
  },
  ISM0947: {
    severity: 'ERROR',
    title: 'Site contradicts itself',
    cause:
      'Machines name services of their site and ports that these have; a service has machines; one probe asks for readiness.',
    fix: 'Do what the message says.',
  },
  ISM0948: {
    severity: 'WARNING',
    title: 'Site contradicts the Service of the cluster',
    cause:
      'The namespace has a Kubernetes Service of that name. Its ports and selector hold for pods and machines alike; what the site says otherwise has no effect.',
    fix: 'Say the same as the Service, or leave the field out.',
  },
  ISM0949: {
    severity: 'WARNING',
    title: 'Machines cannot serve',
    cause:
      'The cluster has no such namespace, or no ports of the service are known, or another site has the address, or it is one of the pods.',
    fix: 'Do what the message says; until then what is named there gets no requests.',
  },
} as const satisfies Record<string, IssueEntry>;
