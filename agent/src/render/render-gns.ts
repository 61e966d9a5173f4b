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
  const { objects, issues } = rendererFor(kind).render(joined.view, local);
  return { kind: 'objects', objects, keepHosts: new Set(joined.keepHosts), issues: [...joined.issues, ...issues] };
};

function unknownMesh(local: LocalFacts, issues: readonly Issue[]): GnsRender {
  const missing = agentIssue('ISM0438', {
    path: '',
    message: `the catalog does not say which mesh ${local.cluster} runs`,
  });
  return { kind: 'unreadable', issues: [...issues, missing] };
}
