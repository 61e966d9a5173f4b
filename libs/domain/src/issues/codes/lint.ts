import type { IssueEntry } from '../issue-entry.js';

/** ISM0800–0839: what users configured in a cluster's mesh, judged against the global namespaces that it takes part in. */
export const LINT_CODES = {
  ISM0800: {
    severity: 'INFO',
    title: 'Mesh configuration of a cluster is not known',
    cause:
      'The agent is older than this check, or may not list these kinds. What users configured there may stand in the way of global hosts without being told.',
    fix: 'Upgrade the agent and its ClusterRole. Nothing, if the agent is not to read these kinds.',
  },
  ISM0801: {
    severity: 'WARNING',
    title: 'More mesh configuration than is judged',
    cause:
      'A namespace has more than 500 objects or 256 KiB of what is judged; the last ones by kind and name are left out.',
    fix: 'Split the namespace, or check the objects that are left out with istioctl analyze.',
  },
  ISM0802: {
    severity: 'WARNING',
    title: 'More findings than are listed',
    cause: 'More than 200 objects stand in the way of one global namespace; errors are listed first.',
    fix: 'Correct those that are listed: the next ones follow.',
  },
  ISM0803: {
    severity: 'WARNING',
    title: 'VirtualService of a user for a global host',
    cause:
      'A host has one VirtualService of the mesh. Isthmus makes one for each global host with an HTTP port; if another one is seen by the same callers, Istio does not say which counts, and retries, routes and failover of the global host may be lost.',
    fix: 'Remove the host from the VirtualService and say it in a policy of the global namespace, bind the VirtualService to a gateway instead of the mesh, or narrow its exportTo to namespaces that do not call the host.',
  },
  ISM0804: {
    severity: 'WARNING',
    title: 'VirtualService of a user covers global hosts by a wildcard',
    cause:
      'The VirtualService that Isthmus makes is more exact and counts for HTTP ports. For ports without HTTP Isthmus makes none, so the wildcard routes their connections.',
    fix: 'Name the hosts that are meant, or narrow exportTo to namespaces that do not call the global hosts.',
  },
  ISM0805: {
    severity: 'WARNING',
    title: 'DestinationRule of a user for a global host',
    cause:
      'Istio takes the DestinationRule of the namespace of the caller before that of the service, and merges two of one host in one namespace. Locality, outlier detection, TLS and subsets of the global host then come from the other one: failover may not happen.',
    fix: 'Remove the DestinationRule, and say what it says in a policy of the global namespace.',
  },
  ISM0806: {
    severity: 'WARNING',
    title: 'ServiceEntry of a user for a global host',
    cause:
      'A namespace sees one service of a host. With two entries of the host in sight, Istio picks one: calls may end elsewhere than in the members of the global namespace.',
    fix: 'Remove the host from the ServiceEntry, or narrow its exportTo to namespaces that do not call the host.',
  },
  ISM0807: {
    severity: 'WARNING',
    title: 'ServiceEntry of a user takes an address of the VIP range',
    cause:
      'A virtual address belongs to one global host. Connections to an address that two hosts have reach one of them.',
    fix: 'Give the ServiceEntry an address outside of the range, or leave its addresses out.',
  },
  ISM0808: {
    severity: 'WARNING',
    title: 'Sidecar hides global hosts',
    cause:
      'A Sidecar with egress hosts is all that its workloads see. Without the global hosts in it, calls to them end as calls to unknown hosts.',
    fix: 'Add the domain to its egress hosts, as the hint says. The namespace that holds a host moves with its members, so name it by *.',
  },
  ISM0809: {
    severity: 'WARNING',
    title: "Gateway of a user meets the global namespace's",
    cause:
      'Both have a server at the same port of the same pods, and their hosts overlap or their protocols cannot share a port. Connections from other clusters may end in the wrong server.',
    fix: "Move the server to another port or other pods, or narrow its hosts to names outside of the global namespace's domain.",
  },
  ISM0810: {
    severity: 'ERROR',
    title: 'PeerAuthentication contradicts the encryption policy',
    cause:
      'It selects workloads of a member, as the one that Isthmus makes does, with another mode. Istio takes the older of the two. A weaker mode is an error: the policy may not be enforced. A stricter one is a warning: callers in plaintext may be refused.',
    fix: 'Remove the PeerAuthentication or give it the mode of the policy; or change the encryption policy.',
  },
  ISM0811: {
    severity: 'WARNING',
    title: 'Mutual TLS is off for a member that other clusters call',
    cause:
      'No encryption policy is in force, and the PeerAuthentication turns mutual TLS off. Plaintext does not pass the gateway, so calls from other clusters fail.',
    fix: 'Make it PERMISSIVE, or give the global namespace an encryption policy.',
  },
  ISM0812: {
    severity: 'INFO',
    title: 'Encryption policy is weaker than the mode of the namespace or the mesh',
    cause:
      'The namespace or the mesh refuses plaintext; the encryption policy of the global namespace is PERMISSIVE and is more exact, so workloads of its members take plaintext.',
    fix: 'Make the encryption policy STRICT. Nothing, if callers without a sidecar are meant to reach these workloads.',
  },
  ISM0813: {
    severity: 'ERROR',
    title: 'DestinationRule calls a global host without mutual TLS of the mesh',
    cause:
      'Gateways of other clusters take connections in mutual TLS of the mesh alone, and so do members under STRICT: calls fail. An error under STRICT, else a warning.',
    fix: 'Remove the DestinationRule, or its trafficPolicy.tls.',
  },
  ISM0814: {
    severity: 'WARNING',
    title: "DestinationRule calls a member's Kubernetes name without mutual TLS of the mesh",
    cause:
      'The encryption policy of the global namespace is STRICT for the workloads, by whatever name they are called.',
    fix: 'Remove trafficPolicy.tls from the DestinationRule, or make it ISTIO_MUTUAL.',
  },
  ISM0815: {
    severity: 'WARNING',
    title: 'AuthorizationPolicy refuses callers of other clusters',
    cause:
      'As soon as one ALLOW policy selects a workload, whatever no ALLOW policy names is refused. None of them, and no AccessPolicy, names an identity of the namespaces that may call by the rules of the global namespace.',
    fix: "Add the callers' principals (<trust domain>/ns/<namespace>/sa/<account>) or namespaces to a rule, or take the namespaces out of the consumers.",
  },
  ISM0816: {
    severity: 'WARNING',
    title: 'AuthorizationPolicy looks at requests of a port without HTTP',
    cause:
      'Methods, paths, hosts, headers and claims do not exist there. Istio lets an ALLOW rule with them match nothing, so the port refuses everybody, and reads a DENY rule without them, so it refuses more than it says.',
    fix: 'Limit the rule to ports with HTTP (to.operation.ports), or declare the protocol of the port.',
  },
  ISM0817: {
    severity: 'INFO',
    title: "Subsets of a member's Kubernetes name are none of the global host",
    cause:
      'The DestinationRule is for the Kubernetes name of the service. Calls to the global host do not use it, and a route to the global host that names one of its subsets fails.',
    fix: 'Nothing, if the subsets are for callers of the Kubernetes name.',
  },
  ISM0818: {
    severity: 'WARNING',
    title: 'AuthorizationPolicy lets callers in beside the access policies',
    cause:
      'ALLOW policies of a workload add up, whoever wrote them: an AccessPolicy refuses whom it does not admit, and the AuthorizationPolicy of a user admits them all the same.',
    fix: 'Say who may call in an AccessPolicy, and take the AuthorizationPolicy away; keep it if it means ports or callers that access policies leave out on purpose.',
  },
  ISM0820: {
    severity: 'WARNING',
    title: 'What other clusters are given is not whole where it is owned',
    cause:
      "The owner's side was in place when the host was given to clients of other clusters. Since then the cluster that owns it reports that an object is missing, foreign or not as wanted: calls from other clusters may fail there.",
    fix: 'See the other issues of the cluster: they say what stands in the way of the object. The agent tries again.',
  },
} as const satisfies Record<string, IssueEntry>;
