import { byCodeUnit, MACHINE_SERVICE_LABEL, type HostPort, type Issue, type MachineEntry } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import { istioSupport } from '../support.js';
import { connectionPool } from './connection-pool.js';
import { supportFacts } from './feature-issues.js';
import { gatewayWorkloads, opensGateway } from './gateway.js';
import { hostIssue, type HostScene } from './host-members.js';
import { labelsOf } from './labels-of.js';
import { outlierDetection } from './outlier-detection.js';
import { isServed, ownedObject } from './owned-object.js';
import { TLS_MODE_LABEL } from './tls-mode.js';

/** Without it istiod takes every machine for ready; with it none, until the proxy of the machine has said so. */
const HEALTH_CHECKED = { 'proxy.istio.io/health-checks-enabled': 'true' };

/** Machines of the local member, if the cluster has a kind for them. */
export function localMachines({ scene, local }: HostScene): readonly MachineEntry[] {
  return isServed(scene, 'WorkloadEntry') ? (local?.machines ?? []) : [];
}

/** Where an endpoint is, and how much of the traffic is its own. */
function placeOf({ network, locality, weight }: MachineEntry): object {
  return {
    ...(network === undefined ? {} : { network }),
    ...(locality === undefined ? {} : { locality }),
    ...(weight === undefined ? {} : { weight }),
  };
}

/** Ports on which the machine listens elsewhere than the service entry says, by the port's name. */
function ownPorts({ ports = [] }: MachineEntry, named: readonly HostPort[]): { ports?: Record<string, number> } {
  const names = new Map(named.map(({ number, name }) => [number, name]));
  const own = ports.flatMap(({ number, targetPort }): [string, number][] => {
    const name = names.get(number);
    return name === undefined ? [] : [[name, targetPort]];
  });
  return own.length === 0 ? {} : { ports: Object.fromEntries(own) };
}

/** A site has no dot in its name, so two parts never come to the name of two others. */
const roleOf = (site: string, part: string): string =>
  [site, part].map((text) => text.replaceAll('-', '--').replaceAll('.', '-')).join('-');

/** The machine as a workload that selectors find, with the same labels that policies at the server select by. */
function workloadEntry(hostScene: HostScene, namespace: string, machine: MachineEntry): RenderedObject {
  const { scene, host } = hostScene;
  const { site, name, address, serviceAccount, labels, readiness } = machine;
  return ownedObject(scene, {
    side: 'owner',
    kind: 'WorkloadEntry',
    namespace,
    name: objectName(host.host, roleOf(site, name)),
    host,
    ...(readiness === undefined ? {} : { annotations: HEALTH_CHECKED }),
    spec: {
      address,
      labels: { ...labelsOf(labels), ...TLS_MODE_LABEL },
      serviceAccount,
      ...placeOf(machine),
      ...ownPorts(machine, host.ports),
    },
  });
}

function probeOf({ readiness }: MachineEntry): object {
  if (readiness === undefined) return {};
  const { http, tcp, periodSeconds, timeoutSeconds, failures } = readiness;
  return {
    probe: {
      ...(periodSeconds === undefined ? {} : { periodSeconds }),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(failures === undefined ? {} : { failureThreshold: failures }),
      ...(http === undefined ? {} : { httpGet: http }),
      ...(tcp === undefined ? {} : { tcpSocket: tcp }),
    },
  };
}

/**
 * What the machines of one site with one account have in common: from it istioctl writes the files with which a machine joins. The labels
 * by which policies select stand in them, because istiod goes by those of a proxy's own until it connects anew.
 */
function workloadGroup(hostScene: HostScene, namespace: string, machine: MachineEntry): RenderedObject {
  const { scene, host, local } = hostScene;
  const { site, serviceAccount, network } = machine;
  const common = local === undefined ? {} : { ...labelsOf(local.selector), [MACHINE_SERVICE_LABEL]: local.service };
  return ownedObject(scene, {
    side: 'owner',
    kind: 'WorkloadGroup',
    namespace,
    name: objectName(host.host, roleOf(site, serviceAccount)),
    host,
    spec: {
      metadata: { labels: { ...common, ...TLS_MODE_LABEL } },
      template: { serviceAccount, ...(network === undefined ? {} : { network }) },
      ...probeOf(machine),
    },
  });
}

/** Workloads for the machines that serve the local member, and a group for each account of a site. */
export function machineObjects(hostScene: HostScene): RenderedObject[] {
  const { scene, local } = hostScene;
  const machines = localMachines(hostScene);
  if (local === undefined || machines.length === 0) return [];
  const groups = new Map<string, MachineEntry>();
  for (const machine of machines) {
    const key = `${machine.site}\n${machine.serviceAccount}`;
    if (!groups.has(key)) groups.set(key, machine);
  }
  const ordered = [...groups].sort(([a], [b]) => byCodeUnit(a, b)).map(([, machine]) => machine);
  return [
    ...(isServed(scene, 'WorkloadGroup') ? ordered : []).map((one) => workloadGroup(hostScene, local.namespace, one)),
    ...machines.map((machine) => workloadEntry(hostScene, local.namespace, machine)),
  ];
}

/** Machines as endpoints of the owner view, which finds nobody by label: every port says where its machine listens. */
export function machineEndpoints(hostScene: HostScene, targets: Readonly<Record<string, number>>): object[] {
  return localMachines(hostScene).map((machine) => ({
    address: machine.address,
    ...placeOf(machine),
    ports: { ...targets, ...ownPorts(machine, hostScene.host.ports).ports },
    labels: { ...TLS_MODE_LABEL },
  }));
}

/**
 * Gateways know machines by address alone, ready or not, so one that takes no connections is left out by what gateways see of it; the
 * client tries again elsewhere.
 */
export function machineDetection(hostScene: HostScene): RenderedObject[] {
  const { scene, host, policies } = hostScene;
  if (localMachines(hostScene).length === 0 || !opensGateway(scene)) return [];
  const namespaces = new Set(gatewayWorkloads(scene).map(({ namespace }) => namespace));
  return [...namespaces].map((namespace) =>
    ownedObject(scene, {
      side: 'owner',
      kind: 'DestinationRule',
      namespace,
      name: objectName(host.host, 'machines'),
      host,
      spec: {
        host: host.host,
        exportTo: ['.'],
        trafficPolicy: { connectionPool: connectionPool(policies), outlierDetection: outlierDetection(policies) },
      },
    }),
  );
}

/** That the cluster has no kind for machines, if the host has some here. */
export function machineIssues({ scene, host, local }: HostScene): Issue[] {
  if ((local?.machines ?? []).length === 0) return [];
  const verdict = istioSupport({ kind: 'machine' }, supportFacts(scene));
  if (verdict.state === 'supported' || verdict.fields[0] !== 'workloads') return [];
  const message = `Machines of ${host.host} get no requests here: ${verdict.reason ?? ''}. ${verdict.alternative ?? ''}`;
  return [hostIssue(scene, host.host, { code: 'ISM0956', message, ...(local === undefined ? {} : { member: local }) })];
}
