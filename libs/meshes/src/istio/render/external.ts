import { issue, type ExternalEntry, type Issue, type LocalFacts } from '@isthmus/domain';
import type { RenderedObject, RenderResult } from '../../renderer.js';
import { istioSupport } from '../support.js';
import { throughGateway } from './egress-gateway.js';
import { externalName, externalPort } from './external-entry.js';
import { outsideEndpoint, outsideRules } from './external-rules.js';
import { supportFacts } from './feature-issues.js';
import { ownedObject } from './owned-object.js';
import type { Scene } from './scene.js';

function serviceEntry(entry: ExternalEntry): object {
  const { hosts, addresses, ports, resolution, endpoints } = entry;
  return {
    hosts,
    ...(addresses === undefined ? {} : { addresses }),
    location: 'MESH_EXTERNAL',
    resolution,
    exportTo: ['.'],
    ports: ports.map(externalPort),
    ...(endpoints === undefined ? {} : { endpoints: endpoints.map((one) => outsideEndpoint(entry, one)) }),
  };
}

function shortfall(scene: Scene, { project, name, tls, via }: ExternalEntry): Issue | undefined {
  const credential = tls?.credential;
  const feature = {
    kind: 'externalService' as const,
    ...(credential === undefined ? {} : { credential }),
    ...(via === undefined ? {} : { gateway: true }),
  };
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

/**
 * In each namespace of callers, for itself alone. Istio pools the servers of a host over all entries of one namespace that name it,
 * whoever sees them: entries of several global namespaces side by side would send requests of one to the servers of the other.
 */
function directObjects(scene: Scene, entry: ExternalEntry): RenderedObject[] {
  const rules = entry.hosts.flatMap((host) => {
    const trafficPolicy = outsideRules(entry, host);
    const name = externalName(scene, host.replace(/^\*\./, ''), [host]);
    return trafficPolicy === undefined ? [] : [{ name, spec: { host, exportTo: ['.'], trafficPolicy } }];
  });
  const name = externalName(scene, entry.name, [entry.project, entry.name]);
  const spec = serviceEntry(entry);
  return scene.consumers.flatMap((namespace) => [
    ...rules.map((rule) => ownedObject(scene, { side: 'client', kind: 'DestinationRule', namespace, ...rule })),
    ownedObject(scene, { side: 'client', kind: 'ServiceEntry', namespace, name, spec }),
  ]);
}

function objectsOf(scene: Scene, local: LocalFacts, entry: ExternalEntry): RenderResult {
  const fault = shortfall(scene, entry);
  if (fault !== undefined) return { objects: [], issues: [fault] };
  const { via, hosts, project, name } = entry;
  if (via === undefined) return { objects: directObjects(scene, entry), issues: [] };
  const policy = { kind: 'ExternalService', project, name };
  return throughGateway(
    scene,
    local,
    hosts.map((host) => ({ ...entry, host, via, callers: scene.consumers, policy })),
  );
}

/** Services outside of the mesh, for the namespaces of members and consumers here and nobody else. */
export function renderExternals(scene: Scene, local: LocalFacts): RenderResult {
  if (scene.consumers.length === 0) return { objects: [], issues: [] };
  const results = scene.externals.map((entry) => objectsOf(scene, local, entry));
  return {
    objects: results.flatMap(({ objects }) => objects),
    issues: results.flatMap(({ issues }) => issues),
  };
}
