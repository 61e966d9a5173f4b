import { issue, type ExternalEntry, type Issue } from '@isthmus/domain';
import type { RenderedObject, RenderResult } from '../../renderer.js';
import { istioSupport } from '../support.js';
import { externalName, externalPort, externalPortName } from './external-entry.js';
import { supportFacts } from './feature-issues.js';
import { ownedObject } from './owned-object.js';
import type { Scene } from './scene.js';

type Endpoint = NonNullable<ExternalEntry['endpoints']>[number];

/** An endpoint carries the label of its own priority and of all higher ones, so that each tier takes in those before it. */
const tierLabel = (tier: number): string => `isthmus.dev/tier-${tier}`;

function tiersOf({ endpoints = [] }: ExternalEntry): number {
  return Math.max(0, ...endpoints.map(({ priority = 0 }) => priority));
}

function endpoint(entry: ExternalEntry, { address, priority = 0, locality, port }: Endpoint): object {
  const tiers = Array.from({ length: tiersOf(entry) }, (_, tier) => tier).filter((tier) => tier >= priority);
  const [first] = entry.ports;
  return {
    address,
    ...(locality === undefined ? {} : { locality }),
    ...(port === undefined || first === undefined ? {} : { ports: { [externalPortName(first)]: port } }),
    ...(tiers.length === 0 ? {} : { labels: Object.fromEntries(tiers.map((tier) => [tierLabel(tier), 'true'])) }),
  };
}

function serviceEntry(entry: ExternalEntry, exportTo: readonly string[]): object {
  const { hosts, addresses, ports, resolution, endpoints } = entry;
  return {
    hosts,
    ...(addresses === undefined ? {} : { addresses }),
    location: 'MESH_EXTERNAL',
    resolution,
    exportTo,
    ports: ports.map(externalPort),
    ...(endpoints === undefined ? {} : { endpoints: endpoints.map((one) => endpoint(entry, one)) }),
  };
}

/**
 * Name and authority are always written out. Istio derives them for HTTP alone: without them the proxy of any other protocol takes
 * every certificate, and a name in the handshake without names to accept switches the comparison off.
 */
function clientTls({ mode, sni, subjectAltNames }: NonNullable<ExternalEntry['tls']>, host: string): object {
  const name = sni ?? host;
  return { mode, sni: name, subjectAltNames: subjectAltNames ?? [name], caCertificates: 'system' };
}

/** Without outlier detection nothing ever leaves the first tier; a server that cannot be reached is out for a while. */
function failover(tiers: number): object {
  if (tiers === 0) return {};
  const priority = Array.from({ length: tiers }, (_, index) => `${tierLabel(tiers - 1 - index)}=true`);
  return {
    loadBalancer: { simple: 'LEAST_REQUEST', localityLbSetting: { enabled: true, failoverPriority: priority } },
    outlierDetection: {
      consecutive5xxErrors: 0,
      consecutiveGatewayErrors: 3,
      interval: '1s',
      baseEjectionTime: '5s',
      maxEjectionPercent: 100,
    },
  };
}

/** Settings of a port stand for the whole policy of that port, so what holds for all is repeated. */
function trafficPolicy(entry: ExternalEntry, host: string): object | undefined {
  const { tls } = entry;
  const everywhere = failover(tiersOf(entry));
  const ports = (tls?.ports ?? []).map((number) => ({
    port: { number },
    ...everywhere,
    ...(tls === undefined ? {} : { tls: clientTls(tls, host) }),
  }));
  const all = { ...everywhere, ...(ports.length === 0 ? {} : { portLevelSettings: ports }) };
  return Object.keys(all).length === 0 ? undefined : all;
}

function shortfall(scene: Scene, { project, name, tls }: ExternalEntry): Issue | undefined {
  const credential = tls?.credential;
  const feature = { kind: 'externalService' as const, ...(credential === undefined ? {} : { credential }) };
  const verdict = istioSupport(feature, supportFacts(scene));
  if (verdict.state === 'supported') return undefined;
  const message = `ExternalService ${project}/${name} (${verdict.fields.join(', ')}) is not offered in ${scene.self.name}: ${verdict.reason ?? ''}. ${verdict.alternative ?? ''}`;
  return issue('ISM0955', {
    resource: { kind: 'ExternalService', project, name },
    cluster: scene.self.name,
    path: 'spec.tls.credential',
    message,
  });
}

function objectsOf(scene: Scene, entry: ExternalEntry): RenderedObject[] {
  const { agentNamespace: namespace, consumers: exportTo } = scene;
  const name = externalName(scene, entry.name, [entry.project, entry.name]);
  const rules = entry.hosts.flatMap((host) => {
    const policy = trafficPolicy(entry, host);
    return policy === undefined ? [] : [{ host, exportTo, trafficPolicy: policy }];
  });
  return [
    ...rules.map((spec) =>
      ownedObject(scene, {
        side: 'client',
        kind: 'DestinationRule',
        namespace,
        name: externalName(scene, spec.host.replace(/^\*\./, ''), [spec.host]),
        spec,
      }),
    ),
    ownedObject(scene, { side: 'client', kind: 'ServiceEntry', namespace, name, spec: serviceEntry(entry, exportTo) }),
  ];
}

/** Services outside of the mesh, for the namespaces of members and consumers here and nobody else. */
export function renderExternals(scene: Scene): RenderResult {
  if (scene.consumers.length === 0) return { objects: [], issues: [] };
  const judged = scene.externals.map((entry) => ({ entry, fault: shortfall(scene, entry) }));
  return {
    objects: judged.flatMap(({ entry, fault }) => (fault === undefined ? objectsOf(scene, entry) : [])),
    issues: judged.flatMap(({ fault }) => fault ?? []),
  };
}
