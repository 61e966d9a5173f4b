import { HostPolicies, issue, type FeatureOf, type LocalFacts } from '@isthmus/domain';
import { sortedJson } from '../../content-hash.js';
import type { RenderedObject, RenderResult } from '../../renderer.js';
import { istioSupport } from '../support.js';
import { throughGateway, type GatewayCall } from './egress-gateway.js';
import { externalName, externalPort, inChunks } from './external-entry.js';
import { supportFacts } from './feature-issues.js';
import { ownedObject } from './owned-object.js';
import type { Scene } from './scene.js';

type Egress = FeatureOf<'egress'>;
type Allowance = NonNullable<Egress['allow']>[number];

interface Asked {
  feature: Egress;
  policy: GatewayCall['policy'];
}

/** One name for all global namespaces: Istio takes one Sidecar without selector in a namespace, so a second one must clash, not add. */
const SIDECAR = 'isthmus-egress';

/** Hosts of external services have entries with more in them; a second entry would be chance. */
function allowedHosts({ externals }: Scene, { hosts = [] }: Allowance): string[] {
  const known = new Set(externals.flatMap((entry) => entry.hosts));
  return hosts.filter((host) => !known.has(host));
}

function entriesOf(scene: Scene, allowance: Allowance): object[] {
  const { cidrs = [], ports } = allowance;
  const shared = { exportTo: ['.'], location: 'MESH_EXTERNAL', ports: ports.map(externalPort) };
  const free = allowedHosts(scene, allowance);
  const names = free.filter((host) => !host.startsWith('*.'));
  const wildcards = free.filter((host) => host.startsWith('*.'));
  return [
    ...inChunks(names).map((some) => ({ ...shared, hosts: some, resolution: 'DNS' })),
    ...inChunks(wildcards).map((some) => ({ ...shared, hosts: some, resolution: 'NONE' })),
    ...inChunks(cidrs).map((addresses) => ({
      ...shared,
      hosts: [`${externalName(scene, 'networks', addresses)}.isthmus.invalid`],
      addresses,
      resolution: 'NONE',
    })),
  ];
}

/** Every workload sees what it saw before; only what nobody knows is refused. */
function sidecar(scene: Scene, namespace: string, mode: 'ALLOW_ANY' | 'REGISTRY_ONLY'): RenderedObject {
  const spec = { egress: [{ hosts: ['*/*'] }], outboundTrafficPolicy: { mode } };
  return ownedObject(scene, { side: 'client', kind: 'Sidecar', namespace, name: SIDECAR, spec });
}

/** In each namespace of members, for itself alone: why, external services tell. */
function directly(scene: Scene, allow: readonly Allowance[]): RenderedObject[] {
  const specs = allow.flatMap((one) => entriesOf(scene, one));
  return scene.memberNamespaces.flatMap((namespace) =>
    specs.map((spec) => {
      const name = externalName(scene, 'egress', [sortedJson(spec)]);
      return ownedObject(scene, { side: 'client', kind: 'ServiceEntry', namespace, name, spec });
    }),
  );
}

function allowances(scene: Scene, local: LocalFacts, { feature, policy }: Asked): RenderResult {
  const { allow = [], via } = feature;
  if (via === undefined) return { objects: directly(scene, allow), issues: [] };
  const calls = allow.flatMap((one) =>
    allowedHosts(scene, one).map((host): GatewayCall => ({
      ...{ host, via, policy, ports: one.ports, resolution: 'DNS' },
      callers: scene.memberNamespaces,
    })),
  );
  return throughGateway(scene, local, calls);
}

/** Where workloads in the namespaces of members here may call outside of the mesh. */
export function renderEgress(scene: Scene, local: LocalFacts): RenderResult {
  const policies = new HostPolicies(scene, {});
  const feature = policies.feature('egress');
  const [block] = policies.explain('egress').holds;
  if (feature === undefined || block === undefined || scene.memberNamespaces.length === 0)
    return { objects: [], issues: [] };
  const verdict = istioSupport({ ...feature, protocols: [] }, supportFacts(scene));
  const { kind, project, name } = block.policy;
  if (verdict.state !== 'supported') {
    const cluster = scene.self.name;
    const message = `EgressPolicy ${project}/${name} cannot be enforced in ${cluster}: ${verdict.reason ?? ''}. ${verdict.alternative ?? ''}`;
    return { objects: [], issues: [issue('ISM0955', { resource: { kind, project, name }, cluster, message })] };
  }
  const mode = feature.default === 'DENY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY';
  const { objects, issues } = allowances(scene, local, { feature, policy: { kind, project, name } });
  return { objects: [...objects, ...scene.memberNamespaces.map((at) => sidecar(scene, at, mode))], issues };
}
