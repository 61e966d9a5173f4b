import { issue, type HostView, type Issue, type LocalFacts } from '@isthmus/domain';
import { closedNamespaces } from './closed-namespaces.js';
import type { RenderResult } from '../../renderer.js';
import { renderEgress } from './egress.js';
import { renderPublic } from './public/public-services.js';
import { renderExternals } from './external.js';
import { gateways, gatewayWorkloads } from './gateway.js';
import { clusterRef, gnsRef } from './issue-refs.js';
import type { Scene } from './scene.js';

function ownerIssues(scene: Scene): Issue[] {
  if (!scene.hasMembers || !scene.remoteConsumers) return [];
  const cluster = scene.self.name;
  const issues: Issue[] = [];
  if (gatewayWorkloads(scene).length === 0) {
    const message = `Other clusters use members in ${cluster}, but it has no usable east-west gateway.`;
    issues.push(issue('ISM0303', { resource: clusterRef(cluster), cluster, path: 'spec.gateways', message }));
  }
  if (scene.mode === 'DISABLE') {
    const message = `Mode DISABLE is not applied in ${cluster}, because consumers in other clusters come through its gateway.`;
    issues.push(issue('ISM0305', { resource: gnsRef(scene.gns), cluster, path: 'encryption.mode', message }));
  }
  return issues;
}

function clientIssues(scene: Scene, local: LocalFacts): Issue[] {
  if (scene.consumers.length === 0) return [];
  const cluster = scene.self.name;
  const resource = clusterRef(cluster);
  const issues: Issue[] = [];
  if (closedNamespaces(scene.self).has(scene.agentNamespace)) {
    const message = `Workloads in ${cluster} do not get hosts without a member there, because the agent's namespace ${scene.agentNamespace} is the root namespace or holds an east-west gateway.`;
    issues.push(issue('ISM0315', { resource, cluster, path: 'spec.gateways', message }));
  }
  if (local.dnsCapture === false) {
    const message = `Workloads in ${cluster} cannot resolve hosts under ${scene.gns.domain}, because their proxies do not capture DNS.`;
    issues.push(issue('ISM0307', { resource, cluster, path: 'status.discovered.dnsCapture', message }));
  }
  return issues;
}

/** What stands once for the whole global namespace: gateways, and issues about the cluster. */
export function renderIstioShared(scene: Scene, local: LocalFacts, hosts: readonly HostView[]): RenderResult {
  const externals = renderExternals(scene, local);
  const egress = renderEgress(scene, local);
  const publics = renderPublic(scene, hosts);
  return {
    objects: [...gateways(scene), ...externals.objects, ...egress.objects, ...publics.objects],
    issues: [
      ...scene.issues,
      ...ownerIssues(scene),
      ...clientIssues(scene, local),
      ...externals.issues,
      ...egress.issues,
      ...publics.issues,
    ],
  };
}
