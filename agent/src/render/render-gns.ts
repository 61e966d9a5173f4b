import { joinView } from '@isthmus/domain';
import type { Issue, LocalFacts } from '@isthmus/domain';
import { rendererFor } from '@isthmus/meshes';
import { agentIssue } from '../report/agent-issue.js';
import type { GnsRender, RenderGns } from './wish.js';

/** Joins policy and catalog and renders them for the mesh that the catalog says this cluster runs. */
export const renderGns: RenderGns = ({ policy, catalog }, local) => {
  const joined = joinView(policy, catalog);
  if (joined.keepAll || joined.view === undefined) {
    const issues =
      joined.issues.length > 0
        ? joined.issues
        : [agentIssue('ISM0437', { path: '', message: 'the policy cannot be read by this agent' })];
    return { kind: 'unreadable', issues };
  }
  const kind = joined.view.clusters.find(({ name }) => name === local.cluster)?.mesh;
  if (kind === undefined) return unknownMesh(local, joined.issues);
  const { objects, issues, keep } = rendererFor(kind).render(joined.view, local);
  const all = [...joined.issues, ...issues];
  // Nothing could be rendered, which does not mean that nothing is wanted: what is in the cluster stays.
  if (keep === true) return { kind: 'unreadable', issues: all };
  return { kind: 'objects', objects, keepHosts: new Set(joined.keepHosts), issues: all };
};

/** Remembers the last rendering of each policy root: as long as trees and facts stay, nothing is rendered again. */
export function rememberRender(render: RenderGns): RenderGns {
  const last = new Map<string, { catalog: string; local: string; result: GnsRender }>();
  return (trees, local) => {
    const { policy, catalog } = trees;
    const facts = JSON.stringify(local);
    const known = last.get(policy.root);
    if (known?.catalog === catalog.root && known.local === facts) return known.result;
    const result = render(trees, local);
    if (last.size >= MAX_REMEMBERED) last.clear();
    last.set(policy.root, { catalog: catalog.root, local: facts, result });
    return result;
  };
}

/** Policies whose rendering is remembered; beyond that all are forgotten and rendered again. */
const MAX_REMEMBERED = 256;

function unknownMesh(local: LocalFacts, issues: readonly Issue[]): GnsRender {
  const missing = agentIssue('ISM0438', {
    path: '',
    message: `the catalog does not say which mesh ${local.cluster} runs`,
  });
  return { kind: 'unreadable', issues: [...issues, missing] };
}
