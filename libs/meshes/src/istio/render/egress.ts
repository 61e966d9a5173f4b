import { HostPolicies, issue, type FeatureOf } from '@isthmus/domain';
import { sortedJson } from '../../content-hash.js';
import type { RenderedObject, RenderResult } from '../../renderer.js';
import { istioSupport } from '../support.js';
import { externalName, externalPort, inChunks } from './external-entry.js';
import { supportFacts } from './feature-issues.js';
import { ownedObject } from './owned-object.js';
import type { Scene } from './scene.js';

type Allowance = NonNullable<FeatureOf<'egress'>['allow']>[number];

/** One name for all global namespaces: Istio takes one Sidecar without selector in a namespace, so a second one must clash, not add. */
const SIDECAR = 'isthmus-egress';

/** Hosts of external services have entries with more in them; a second entry would be chance. */
function allowedHosts({ externals }: Scene, hosts: readonly string[]): string[] {
  const known = new Set(externals.flatMap((entry) => entry.hosts));
  return hosts.filter((host) => !known.has(host));
}

function entriesOf(scene: Scene, allowance: Allowance): object[] {
  const { hosts = [], cidrs = [], ports } = allowance;
  const shared = { exportTo: scene.memberNamespaces, location: 'MESH_EXTERNAL', ports: ports.map(externalPort) };
  const free = allowedHosts(scene, hosts);
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

function allowances(scene: Scene, allow: readonly Allowance[]): RenderedObject[] {
  const namespace = scene.agentNamespace;
  return allow
    .flatMap((one) => entriesOf(scene, one))
    .map((spec) => {
      const name = externalName(scene, 'egress', [sortedJson(spec)]);
      return ownedObject(scene, { side: 'client', kind: 'ServiceEntry', namespace, name, spec });
    });
}

/** Where workloads in the namespaces of members here may call outside of the mesh. */
export function renderEgress(scene: Scene): RenderResult {
  const policies = new HostPolicies(scene, {});
  const feature = policies.feature('egress');
  const [block] = policies.explain('egress').holds;
  if (feature === undefined || block === undefined || scene.memberNamespaces.length === 0)
    return { objects: [], issues: [] };
  const verdict = istioSupport({ ...feature, protocols: [] }, supportFacts(scene));
  if (verdict.state !== 'supported') {
    const { kind, project, name } = block.policy;
    const cluster = scene.self.name;
    const message = `EgressPolicy ${project}/${name} cannot be enforced in ${cluster}: ${verdict.reason ?? ''}. ${verdict.alternative ?? ''}`;
    return { objects: [], issues: [issue('ISM0955', { resource: { kind, project, name }, cluster, message })] };
  }
  const mode = feature.default === 'DENY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY';
  return {
    objects: [
      ...allowances(scene, feature.allow ?? []),
      ...scene.memberNamespaces.map((namespace) => sidecar(scene, namespace, mode)),
    ],
    issues: [],
  };
}
