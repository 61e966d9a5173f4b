import type { IssueEntry } from '../issue-entry.js';

/** ISM0200–0299: compiling specs and inventory into trees, virtual addresses, joining trees. */
export const COMPILE_CODES = {
  ISM0200: {
    severity: 'ERROR',
    title: 'Compiler version not available',
    cause: 'The global namespace is recorded with a compiler version that this program does not carry.',
    fix: 'Run a release that carries the recorded compiler version, or upgrade the recorded version in a change set.',
  },
  ISM0202: {
    severity: 'ERROR',
    title: 'Policy target does not name one host',
    cause: 'The host template holds the namespace, so a service name alone does not name a host.',
    fix: 'Write the target service as `<service>.<namespace>`.',
  },
  ISM0203: {
    severity: 'ERROR',
    title: 'Objective cannot be compiled',
    cause: 'The objective, its threshold or its time window is out of range.',
    fix: 'Give an objective greater than 0 and less than 1 with at most six decimals, a threshold for LATENCY, and a window such as 28d, 7d or 24h.',
  },
  ISM0212: {
    severity: 'ERROR',
    title: 'Member contradicts the port contract',
    cause:
      'The protocol of a port differs from the one that the first member of the host fixed; the member is left out.',
    fix: 'Give the port the same protocol in every cluster, by port name prefix or appProtocol.',
  },
  ISM0215: {
    severity: 'ERROR',
    title: 'Named target port resolves differently',
    cause: 'Workloads behind the service give the named container port different numbers; the port is left out.',
    fix: 'Give the container port the same number in all workloads of the service, or use a numeric targetPort.',
  },
  ISM0216: {
    severity: 'WARNING',
    title: 'Named target port not found',
    cause: 'No workload behind the service has a container port of that name; the port is left out.',
    fix: 'Name the container port in the workload, or use a numeric targetPort.',
  },
  ISM0220: {
    severity: 'INFO',
    title: 'Port protocol not declared',
    cause:
      'Neither appProtocol nor the port name says which protocol the port speaks, so it is carried as TCP without retries or request metrics.',
    fix: 'Set appProtocol, or begin the port name with the protocol, for example http-web.',
  },
  ISM0221: {
    severity: 'WARNING',
    title: 'No workload behind the service',
    cause: 'No workload template matches the selector of the service, so its identities are unknown.',
    fix: 'Deploy the workload, or correct the selector.',
  },
  ISM0222: {
    severity: 'ERROR',
    title: 'Host name is not a DNS name',
    cause: 'The host made from the template is longer than 253 characters or not a DNS name; the service is left out.',
    fix: 'Shorten the domain or the host template, or exclude the service.',
  },
  ISM0223: {
    severity: 'INFO',
    title: 'Headless service gets a virtual address',
    cause: 'A headless service is reachable by its host as a whole; names of single pods are not global.',
    fix: 'Nothing, unless clients need single pods.',
  },
  ISM0224: {
    severity: 'INFO',
    title: 'Port contract changed',
    cause: 'No member speaks the recorded protocol of the port any more, so the contract was fixed anew.',
    fix: 'Nothing; clients follow.',
  },
  ISM0225: {
    severity: 'ERROR',
    title: 'Port declared twice',
    cause: 'The service declares two TCP ports of one number; the second is left out.',
    fix: 'Keep one of the ports.',
  },
  ISM0230: {
    severity: 'ERROR',
    title: 'No free virtual address',
    cause: 'The range of virtual addresses is invalid or full; the host is left out.',
    fix: 'Give the global namespace a wider spec.vipCIDR.',
  },
  ISM0231: {
    severity: 'ERROR',
    title: 'Recorded virtual address cannot be used',
    cause: 'The recorded address is not an IPv4 address, or another host holds the same one; the host is left out.',
    fix: 'Correct or remove the entry in vips.lock.yaml.',
  },
  ISM0232: {
    severity: 'INFO',
    title: 'Virtual address outside the range',
    cause: 'The recorded address lies outside spec.vipCIDR. A recorded address never moves.',
    fix: 'Nothing; the new range applies to new hosts.',
  },
  ISM0240: {
    severity: 'WARNING',
    title: 'Part of a cluster cannot be seen',
    cause:
      'The inventory of the cluster or namespace is missing or unreadable; its last known services are kept, nothing is removed.',
    fix: 'Check that the agent is connected and may list the namespace.',
  },
  ISM0250: {
    severity: 'ERROR',
    title: 'Entry needs a newer version',
    cause: 'A field or kind of the received configuration is unknown to this version; the last good objects are kept.',
    fix: 'Upgrade the agent.',
  },
  ISM0260: {
    severity: 'WARNING',
    title: 'Members that leave by the rules wait for approval',
    cause:
      'The rules no longer ask for members of more than 50 hosts, or of more than 20 % with at least 5, within 10 minutes. They stay as they are until somebody decides; everything else goes on.',
    fix: 'Look at the list with isthmus describe hold; approve it, or correct the rules, labels or groups.',
  },
  ISM0261: {
    severity: 'INFO',
    title: 'Service moves here',
    cause: 'Another global namespace is letting the service go: its clients there are drained first.',
    fix: 'Nothing; it joins as soon as it has left.',
  },
  ISM0262: {
    severity: 'WARNING',
    title: 'Service would move here',
    cause:
      'The rules of the global namespace that holds the service no longer ask for it, but its removal waits there.',
    fix: 'Approve what waits in the other global namespace, or correct its rules.',
  },
} as const satisfies Record<string, IssueEntry>;
