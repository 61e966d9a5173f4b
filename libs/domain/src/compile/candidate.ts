import type { NameValue, PortProtocol } from '../intent/entries.js';
import type { MachineEntry } from '../intent/machines.js';
import { hostName, isHostOf } from '../intent/host-name.js';
import type { InventoryService, InventoryServicePort, InventoryWorkload } from '../inventory/types.js';
import type { IssueCode } from '../issues/catalog.js';
import type { Issue, ResourceRef } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { serviceManifest } from '../issues/manifest-ref.js';
import { DEFAULT_PROJECT, type GlobalNamespace } from '../resources/types.js';
import { byCodeUnit } from '../tree/canonical.js';
import { memberEntryName, type MemberKey } from './member-key.js';
import { declaredProtocol } from './port-protocol.js';
import { sortedPairs } from './sorted-pairs.js';
import { versionsOf, type VersionsOf } from './versions.js';

/** A port that a member can offer. */
export interface CandidatePort {
  number: number;
  targetPort: number;
  protocol: PortProtocol;
}

/** A Kubernetes service that the rules select and that can be a member, with all that its entry needs. */
export interface Candidate extends MemberKey {
  /** Name of the member's entry. */
  entryName: string;
  headless: boolean;
  selector: NameValue[];
  /** Of the Kubernetes Service: those that service groups look at. */
  labels: NameValue[];
  serviceAccounts: string[];
  versions: VersionsOf;
  ports: CandidatePort[];
  /** Machines outside of Kubernetes that serve it; by site and name. */
  machines: readonly MachineEntry[];
}

/** A service that the rules select: a candidate, or the issues that say why it is none. */
export interface CandidateResult {
  candidate: Candidate | undefined;
  issues: Issue[];
}

/** Where a selected service was found. */
export interface ServicePlace {
  gns: GlobalNamespace;
  cluster: string;
  namespace: string;
  service: InventoryService;
  /** Workloads of the namespace that the service selects. */
  workloads: readonly InventoryWorkload[];
  /** Keys of the labels that the candidate carries. */
  labelKeys: readonly string[];
}

/** The global namespace as the subject of issues. */
export function gnsRef(gns: GlobalNamespace): ResourceRef {
  return { kind: 'GlobalNamespace', name: gns.metadata.name, project: gns.metadata.project ?? DEFAULT_PROJECT };
}

function report(
  place: ServicePlace,
  code: IssueCode,
  { text, port }: { text: string; port?: InventoryServicePort },
): Issue {
  const { cluster, namespace, service } = place;
  const index = port === undefined ? -1 : service.ports.indexOf(port);
  const manifest = serviceManifest(
    { cluster, namespace, service: service.name },
    index < 0 ? undefined : `spec.ports[${index}]`,
  );
  const message = `service ${namespace}/${service.name}: ${text}`;
  return issue(code, { message, resource: gnsRef(place.gns), cluster, manifest });
}

function resolveTarget(place: ServicePlace, port: InventoryServicePort, issues: Issue[]): number | undefined {
  const { targetPort } = port;
  if (typeof targetPort === 'number') return targetPort;
  const named = place.workloads
    .flatMap((workload) => workload.ports)
    .filter((candidate) => candidate.name === targetPort && candidate.protocol === 'TCP');
  const numbers = [...new Set(named.map((candidate) => candidate.number))].sort((a, b) => a - b);
  if (numbers.length === 1) return numbers[0];
  if (numbers.length === 0)
    issues.push(
      report(place, 'ISM0216', { text: `no container port is named ${targetPort} (port ${port.number})`, port }),
    );
  else
    issues.push(
      report(place, 'ISM0215', {
        text: `container port ${targetPort} is ${numbers.join(' and ')} (port ${port.number})`,
        port,
      }),
    );
  return undefined;
}

function usablePorts(place: ServicePlace, issues: Issue[]): CandidatePort[] {
  const ports = new Map<number, CandidatePort>();
  for (const port of place.service.ports) {
    if (port.protocol !== 'TCP') {
      issues.push(report(place, 'ISM0123', { text: `port ${port.number} is ${port.protocol}`, port }));
    } else if (ports.has(port.number)) {
      issues.push(report(place, 'ISM0225', { text: `port ${port.number} is declared twice`, port }));
    } else {
      const targetPort = resolveTarget(place, port, issues);
      const protocol = declaredProtocol(port);
      if (protocol === undefined)
        issues.push(report(place, 'ISM0220', { text: `port ${port.number} declares no protocol`, port }));
      if (targetPort !== undefined)
        ports.set(port.number, { number: port.number, targetPort, protocol: protocol ?? 'TCP' });
    }
  }
  return [...ports.values()].sort((a, b) => a.number - b.number);
}

/** Why a service can never be a member, whatever its ports. */
function refusal(place: ServicePlace, host: string): Issue | undefined {
  const { service, gns } = place;
  if (service.type === 'ExternalName')
    return report(place, 'ISM0122', { text: 'ExternalName has no workload in the cluster' });
  if (Object.keys(service.selector).length === 0) return report(place, 'ISM0121', { text: 'it has no selector' });
  if ((service.ipFamilies ?? []).includes('IPv6')) return report(place, 'ISM0124', { text: 'it has an IPv6 family' });
  if (!isHostOf(gns.spec.domain, host)) return report(place, 'ISM0222', { text: `its host would be ${host}` });
  return undefined;
}

function machinesOf({ service, workloads }: ServicePlace): MachineEntry[] {
  const own = workloads.flatMap(({ machine }) => (machine?.service === service.name ? [machine.entry] : []));
  return own.sort((a, b) => byCodeUnit(a.site, b.site) || byCodeUnit(a.name, b.name));
}

/** The candidate that a selected service makes; what is left out is said, never dropped silently. */
export function candidateOf(place: ServicePlace): CandidateResult {
  const { service, gns, cluster, namespace, workloads } = place;
  const host = hostName(gns.spec, { name: service.name, namespace });
  const refused = refusal(place, host);
  if (refused !== undefined) return { candidate: undefined, issues: [refused] };
  const issues: Issue[] = [];
  const ports = usablePorts(place, issues);
  if (ports.length === 0)
    return {
      candidate: undefined,
      issues: [...issues, report(place, 'ISM0131', { text: 'it has no usable TCP port' })],
    };
  if (workloads.length === 0) issues.push(report(place, 'ISM0221', { text: 'no workload matches its selector' }));
  if (service.headless) issues.push(report(place, 'ISM0223', { text: 'it is headless' }));
  const serviceAccounts = [...new Set(workloads.map((workload) => workload.serviceAccount))].sort(byCodeUnit);
  const key = { host, cluster, namespace, service: service.name };
  const entryName = memberEntryName(key);
  return {
    candidate: {
      ...key,
      entryName,
      headless: service.headless,
      selector: sortedPairs(service.selector),
      labels: sortedPairs(service.labels).filter(({ name }) => place.labelKeys.includes(name)),
      serviceAccounts,
      versions: versionsOf(workloads),
      ports,
      machines: machinesOf(place),
    },
    issues,
  };
}
