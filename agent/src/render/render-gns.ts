import { joinView } from '@isthmus/domain';
import type { GnsView, Issue, LocalFacts, MeshKind } from '@isthmus/domain';
import { rendererFor } from '@isthmus/meshes';
import { agentIssue } from '../report/agent-issue.js';
import type { GnsRender, RenderRequest } from './wish.js';

/** A global namespace that can be rendered here; `issues` and `keepHosts` are of what could not be read. */
export interface ReadableView {
  kind: 'view';
  mesh: MeshKind;
  view: GnsView;
  keepHosts: ReadonlySet<string>;
  issues: Issue[];
}

/** Joins policy and catalog, and finds the mesh that the catalog says this cluster runs. */
export function readView({ policy, catalog }: RenderRequest, local: LocalFacts): ReadableView | UnreadableRender {
  const { view, keepAll, keepHosts, issues } = joinView(policy, catalog);
  if (keepAll || view === undefined)
    return unreadable(issues.length > 0 ? issues : [about('ISM0437', 'the policy cannot be read by this agent')]);
  const mesh = view.clusters.find(({ name }) => name === local.cluster)?.mesh;
  if (mesh === undefined)
    return unreadable([...issues, about('ISM0438', `the catalog does not say which mesh ${local.cluster} runs`)]);
  return { kind: 'view', mesh, view, keepHosts: new Set(keepHosts), issues };
}

/** Renders everything anew. */
export function renderGns(request: RenderRequest, local: LocalFacts): GnsRender {
  const read = readView(request, local);
  if (read.kind === 'unreadable') return read;
  const { objects, issues, keep } = rendererFor(read.mesh).render(read.view, local);
  const all = [...read.issues, ...issues];
  // Nothing could be rendered, which does not mean that nothing is wanted: what is in the cluster stays.
  if (keep === true) return unreadable(all);
  return { kind: 'objects', objects, keepHosts: read.keepHosts, issues: all };
}

export type UnreadableRender = GnsRender & { kind: 'unreadable' };

/** Nothing is known to be wanted, so everything stays. */
export function unreadable(issues: Issue[]): UnreadableRender {
  return { kind: 'unreadable', issues };
}

function about(code: 'ISM0437' | 'ISM0438', message: string): Issue {
  return agentIssue(code, { path: '', message });
}
