import { sha256Hex } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import type { ClientView, RemoteGroup } from './client-view.js';
import type { RemoteMember } from './host-members.js';
import { labelsOf } from './labels-of.js';
import { ownedObject } from './owned-object.js';
import { gatewayLabels } from './routes/subsets.js';
import { servicePort } from './service-ports.js';
import { TLS_MODE_LABEL } from './tls-mode.js';

function entry(view: ClientView, role: string, own: { ports: object[]; [field: string]: unknown }): RenderedObject {
  const { scene, host } = view.hostScene;
  return ownedObject(scene, {
    side: 'client',
    kind: 'ServiceEntry',
    namespace: view.namespace,
    name: objectName(host.host, role),
    host,
    spec: {
      hosts: [host.host],
      exportTo: view.exportTo,
      addresses: [host.vip],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      ...(view.subjectAltNames.length === 0 ? {} : { subjectAltNames: view.subjectAltNames }),
      ...own,
    },
  });
}

/** Local pods by selector: istiod follows their readiness, so no pod address is ever rendered. */
function localEntry(view: ClientView): RenderedObject[] {
  const { callable } = view;
  if (callable === undefined) return [];
  const target = new Map(callable.ports.map(({ number, targetPort }) => [number, targetPort]));
  const ports = view.ports.map((port) => {
    const targetPort = target.get(port.number);
    return targetPort === undefined || targetPort === port.number
      ? servicePort(port)
      : { ...servicePort(port), targetPort };
  });
  return [entry(view, 'local', { ports, workloadSelector: { labels: labelsOf(callable.selector) } })];
}

function endpoints(view: ClientView, { ports, members }: RemoteGroup): object[] {
  const { order } = view;
  const ofMember = (remote: RemoteMember) => {
    const { cluster } = remote;
    const locality = order.locality(cluster);
    const ofGateways = (labels: Record<string, string>) =>
      cluster.gateways.map(({ address, port }) => ({
        address,
        ports: Object.fromEntries(ports.map(({ name }) => [name, port])),
        ...(locality === undefined ? {} : { locality }),
        labels: { ...TLS_MODE_LABEL, ...order.labels(cluster), ...labels },
      }));
    return gatewayLabels(view, remote).flatMap(ofGateways);
  };
  return members.flatMap(ofMember);
}

/** Gateways of other clusters; one entry per set of ports, the first with the plain name. */
function remoteEntries(view: ClientView): RenderedObject[] {
  return view.groups.map((group, index) => {
    const suffix = sha256Hex(group.ports.map(({ number }) => number).join(' ')).slice(0, 8);
    const role = index === 0 ? 'remote' : `remote-${suffix}`;
    return entry(view, role, { ports: group.ports.map(servicePort), endpoints: endpoints(view, group) });
  });
}

/**
 * The service entries of clients, STATIC always: istiod takes the resolution of the older of two entries of one host, and
 * one by DNS together with failover by label brings it down.
 *
 * They hold local pods and remote gateways under one host, virtual address and set of identities. */
export function clientServiceEntries(view: ClientView): RenderedObject[] {
  return [...localEntry(view), ...remoteEntries(view)];
}
