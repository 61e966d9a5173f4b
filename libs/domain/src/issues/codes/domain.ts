import type { IssueEntry } from '../issue-entry.js';

/** ISM0100–0199: bundles and what resources say about each other and about the clusters. */
export const DOMAIN_CODES = {
  ISM0100: {
    severity: 'ERROR',
    title: 'Resource is defined twice',
    cause: 'Two documents have the same kind, project and name.',
    fix: 'Remove or rename one of them.',
  },
  ISM0101: {
    severity: 'ERROR',
    title: 'Cluster does not have the name of its folder',
    cause: 'clusters/<name>/cluster.yaml must hold the Cluster <name>.',
    fix: 'Rename the folder or the Cluster.',
  },
  ISM0102: {
    severity: 'ERROR',
    title: 'Cluster folder without cluster.yaml',
    cause: 'The folder clusters/<name> has manifests, but no cluster.yaml says what cluster they belong to.',
    fix: 'Add clusters/<name>/cluster.yaml with kind Cluster and that name.',
  },
  ISM0103: {
    severity: 'WARNING',
    title: 'Document is ignored',
    cause: 'It is no Isthmus resource and lies outside of clusters/<name>/, so it belongs to no cluster.',
    fix: 'Move it into the folder of its cluster, or out of the bundle.',
  },
  ISM0104: {
    severity: 'ERROR',
    title: 'File name is not allowed',
    cause: 'A path of the bundle is absolute, leaves the bundle, or holds control characters.',
    fix: 'Rename or move the file.',
  },
  ISM0105: {
    severity: 'ERROR',
    title: 'Bundle is too large',
    cause: 'A file or the whole bundle exceeds what is read at once.',
    fix: 'Split the file, or keep only what belongs to the bundle in its folder.',
  },
  ISM0106: {
    severity: 'ERROR',
    title: 'Kubernetes object is defined twice',
    cause: 'Two manifests of one cluster have the same kind, namespace and name.',
    fix: 'Remove one of them.',
  },
  ISM0107: {
    severity: 'ERROR',
    title: 'Link leaves the bundle',
    cause: 'A symbolic link points outside of the folder of the bundle, nowhere, or in a circle.',
    fix: 'Copy the file into the bundle.',
  },
  ISM0108: {
    severity: 'ERROR',
    title: 'VIP lock is not usable',
    cause: 'vips.lock.yaml is not what render wrote: an entry is no IPv4 address, or an address stands twice.',
    fix: 'Restore the file from version control. Deleting it makes new VIPs.',
  },
  ISM0110: {
    severity: 'ERROR',
    title: 'Domains overlap',
    cause: 'Two global namespaces have the same domain, or the domain of one lies under that of the other.',
    fix: 'Give one of them another domain.',
  },
  ISM0111: {
    severity: 'ERROR',
    title: 'Policy target does not exist',
    cause: 'The policy names a global namespace that is not in its project.',
    fix: 'Correct the name, or create the global namespace.',
  },
  ISM0112: {
    severity: 'WARNING',
    title: 'Several encryption policies for one global namespace',
    cause: 'Only one mode can hold; the strictest wins.',
    fix: 'Keep one policy.',
  },
  ISM0113: {
    severity: 'ERROR',
    title: 'Host is claimed twice',
    cause: 'Services of two namespaces of one cluster have the same host in a global namespace.',
    fix: 'Set spec.hostTemplate to {service}.{namespace}.{domain}, or exclude one of the namespaces.',
  },
  ISM0114: {
    severity: 'ERROR',
    title: 'Service is claimed by two global namespaces',
    cause: 'A Kubernetes service has one home: encryption and access are enforced at its server once.',
    fix: 'Exclude the service from one of them. The claim that was recorded first is kept.',
  },
  ISM0115: {
    severity: 'ERROR',
    title: 'Owner cluster has no gateway',
    cause:
      'The cluster has members that other clusters use, but neither its spec nor its inventory has an east-west gateway.',
    fix: 'Install an east-west gateway and name its address in spec.gateways.',
  },
  ISM0116: {
    severity: 'ERROR',
    title: 'VIP range overlaps a cluster network',
    cause: 'Addresses of the VIP range are used for pods or services in a cluster of the global namespace.',
    fix: 'Choose another spec.vipCIDR.',
  },
  ISM0117: {
    severity: 'WARNING',
    title: 'Networks of the cluster are unknown',
    cause: 'The VIP range cannot be checked against the networks of pods and services.',
    fix: 'Set spec.podCIDRs and spec.serviceCIDRs of the cluster.',
  },
  ISM0118: {
    severity: 'ERROR',
    title: 'Plaintext cannot cross the gateway',
    cause:
      'Mode DISABLE is set, but members have consumers in other clusters, which come through a gateway that only passes mutual TLS.',
    fix: 'Use PERMISSIVE, or keep members and consumers in one cluster.',
  },
  ISM0119: {
    severity: 'ERROR',
    title: 'Mesh is not supported yet',
    cause: 'The cluster runs a mesh, or a mode of it, that this release cannot render.',
    fix: 'Leave the cluster out of the global namespace, or run Istio with sidecars in it.',
  },
  ISM0120: {
    severity: 'ERROR',
    title: 'Trust domains differ',
    cause: 'A server accepts identities of its own trust domain only, so calls between the clusters would be refused.',
    fix: 'Use one trust domain, or let each mesh trust the other: meshConfig.caCertificates[].trustDomains.',
  },
  ISM0121: {
    severity: 'WARNING',
    title: 'Service without selector is left out',
    cause: 'No workload stands behind it that the mesh could identify.',
    fix: 'Give the service a selector, or exclude it.',
  },
  ISM0122: {
    severity: 'WARNING',
    title: 'ExternalName service is left out',
    cause: 'It is an alias in DNS and has no workload in the cluster.',
    fix: 'Exclude it from the global namespace.',
  },
  ISM0123: {
    severity: 'WARNING',
    title: 'Port is left out',
    cause: 'Only TCP crosses the gateways; UDP and SCTP ports stay inside their cluster.',
    fix: 'Offer the port over TCP, or ignore the warning.',
  },
  ISM0124: {
    severity: 'WARNING',
    title: 'Service has IPv6 addresses',
    cause: 'The host of a global service has an IPv4 address only.',
    fix: 'Nothing if clients use IPv4; otherwise set ipFamilies: [IPv4], or exclude the service.',
  },
  ISM0125: {
    severity: 'WARNING',
    title: 'Rule matches nothing',
    cause: 'No service of the known inventory fits the rule.',
    fix: 'Check the selectors. A rule for services that come later may stay.',
  },
  ISM0126: {
    severity: 'ERROR',
    title: 'Unknown cluster',
    cause: 'A rule or a group names a cluster that is not registered.',
    fix: 'Correct the name, or register the cluster.',
  },
  ISM0127: {
    severity: 'ERROR',
    title: 'Unknown cluster group',
    cause: 'A rule names a ClusterGroup that does not exist.',
    fix: 'Correct the name, or create the group.',
  },
  ISM0128: {
    severity: 'ERROR',
    title: 'Unknown project',
    cause: 'metadata.project names a project that does not exist; only "default" always does.',
    fix: 'Correct the name, or create the project.',
  },
  ISM0129: {
    severity: 'WARNING',
    title: 'Policy names an unknown service',
    cause: 'No member of the global namespace has that service name in the known inventory.',
    fix: 'Correct the name. A policy for a service that comes later may stay.',
  },
  ISM0130: {
    severity: 'WARNING',
    title: 'Cluster record and inventory disagree',
    cause: 'spec says something else than what was found in the cluster; spec is used.',
    fix: 'Correct the spec of the cluster, or leave the field out.',
  },
  ISM0131: {
    severity: 'WARNING',
    title: 'Service without usable port is left out',
    cause: 'The service has no TCP port whose target is known, so nothing can be offered to other clusters.',
    fix: 'Declare its ports, or exclude the service.',
  },
  ISM0132: {
    severity: 'WARNING',
    title: 'Cluster group is empty',
    cause: 'No registered cluster fits the selector of the group.',
    fix: 'Check the labels of the clusters.',
  },
  ISM0133: {
    severity: 'WARNING',
    title: 'VIP range is publicly routable',
    cause:
      'The addresses belong to somebody on the internet. Workloads that resolve a host outside of the mesh would call them, and the mesh hides them from its workloads.',
    fix: 'Use 240.0.0.0/4 (the default lies there), 100.64.0.0/10 or a private network that no cluster uses, or an own range that you know to be unused.',
  },
  ISM0140: {
    severity: 'ERROR',
    title: 'Manifest is not understood',
    cause:
      'A field of a Kubernetes manifest that discovery reads has a type or value that Kubernetes would refuse. The whole object is left out; of a running cluster, what was known of it is kept.',
    fix: 'Correct the manifest.',
  },
} as const satisfies Record<string, IssueEntry>;
