import {
  byCodeUnit,
  isDnsLabel,
  isDnsName,
  issue,
  sha256Hex,
  type ClusterEntry,
  type GnsView,
  type Issue,
  type LocalFacts,
} from '@isthmus/domain';
import { sortedJson, withContentHashes } from '../../content-hash.js';
import { mergeOutlines, mergeResults } from '../../render-result.js';
import type { MeshRenderer, PreparedRender, RenderResult } from '../../renderer.js';
import { renderIstioHost } from './host-render.js';
import { isTrustDomain } from './catalog-values.js';
import { clusterRef, gnsRef } from './issue-refs.js';
import { NEEDED_KINDS } from './owned-object.js';
import { setScene, type Scene } from './scene.js';
import { renderIstioShared } from './shared-render.js';

/** What keeps the whole global namespace from being rendered here, or the cluster's entry. */
function blockers({ gns, clusters }: GnsView, local: LocalFacts): ClusterEntry | Issue[] {
  const cluster = local.cluster;
  const self = clusters.find(({ name }) => name === cluster);
  if (self === undefined) {
    return [
      issue('ISM0300', { resource: gnsRef(gns), cluster, message: `The catalog has no entry of cluster ${cluster}.` }),
    ];
  }
  const resource = clusterRef(cluster);
  if (self.mode === 'ambient') {
    const message = `Cluster ${cluster} runs Istio in ambient mode; services of a global namespace are not supported there.`;
    return [issue('ISM0302', { resource, cluster, path: 'spec.mesh.mode', message })];
  }
  if (!isTrustDomain(self.trustDomain) || !isDnsName(self.clusterDomain) || !isDnsLabel(local.agentNamespace)) {
    const message = `The trust domain or cluster domain of ${cluster}, or the namespace of its agent, is malformed.`;
    return [issue('ISM0310', { resource, cluster, path: 'spec', message })];
  }
  const missing =
    local.servedKinds === undefined ? [] : NEEDED_KINDS.filter((kind) => local.servedKinds?.includes(kind) !== true);
  if (missing.length === 0) return self;
  return [...missing].sort(byCodeUnit).map((kind) =>
    issue('ISM0308', {
      resource,
      cluster,
      path: 'spec.mesh.version',
      message: `Cluster ${cluster} does not serve ${kind}.`,
    }),
  );
}

/** Everything that the rendering of a host reads beside the host itself. */
function fingerprintOf({ reachable, ...scene }: Scene): string {
  const clusters = [...reachable.values()].sort((a, b) => byCodeUnit(a.name, b.name));
  return sha256Hex(sortedJson({ ...scene, clusters }));
}

function blocked(issues: Issue[]): PreparedRender {
  return {
    fingerprint: sha256Hex(sortedJson(issues)),
    shared: () => mergeResults([{ objects: [], issues, keep: true }]),
    host: () => ({ objects: [], issues: [] }),
  };
}

function prepare(view: GnsView, local: LocalFacts): PreparedRender {
  const self = blockers(view, local);
  if (Array.isArray(self)) return blocked(self);
  const scene = setScene(view, local, self);
  return {
    fingerprint: fingerprintOf(scene),
    shared: () => withContentHashes(mergeResults([renderIstioShared(scene, local, view.hosts)])),
    host: (host) => withContentHashes(mergeResults([renderIstioHost(scene, host)])),
  };
}

/** Without content hashes, host by host. */
function* parts(view: GnsView, local: LocalFacts): Iterable<RenderResult> {
  const self = blockers(view, local);
  if (Array.isArray(self)) {
    yield blocked(self).shared();
    return;
  }
  const scene = setScene(view, local, self);
  yield renderIstioShared(scene, local, view.hosts);
  for (const host of view.hosts) yield renderIstioHost(scene, host);
}

/** Istio with sidecars: service entries with explicit gateways, no remote secrets, no pod addresses. */
export const istioRenderer: MeshRenderer = {
  kind: 'istio',
  prepare,
  outline: (view, local) => mergeOutlines(parts(view, local)),
  render: (view, local) => withContentHashes(mergeResults(parts(view, local))),
};
