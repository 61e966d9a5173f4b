import { setImmediate as nextTurn } from 'node:timers/promises';
import { expiryOf, sortIssues, type GnsView, type Issue, type LocalFacts, type MeshKind } from '@isthmus/domain';
import { ObjectSources, rendererFor, type ObjectSource, type RenderedObject } from '@isthmus/meshes';

/** What the configuration of a mesh is rendered from, as its agent has it. */
export interface RenderInput {
  mesh: MeshKind;
  view: GnsView;
  local: LocalFacts;
  encryption: ObjectSource | undefined;
}

/** What one global namespace comes to in one cluster. */
export interface RenderedTarget {
  gns: { project: string; name: string };
  objects: RenderedObject[];
  issues: Issue[];
  sources: ObjectSources;
  /** From this instant on (milliseconds since 1970) a policy has ended, and it comes to something else. */
  until: number;
}

/** Hosts that are rendered between two turns of the event loop: some 20 ms. */
const HOSTS_A_TURN = 50;

/** Renders as the agent does, host by host, and lets others have their turn meanwhile. */
export async function renderTarget({ mesh, view, local, encryption }: RenderInput): Promise<RenderedTarget> {
  const renderer = rendererFor(mesh);
  const prepared = renderer.prepare(view, local);
  const results = [prepared.shared()];
  for (const [index, host] of view.hosts.entries()) {
    if (index % HOSTS_A_TURN === HOSTS_A_TURN - 1) await nextTurn();
    results.push(prepared.host(host));
  }
  const { project, name } = view.gns;
  return {
    gns: { project, name },
    objects: results.flatMap(({ objects }) => objects),
    issues: sortIssues(results.flatMap(({ issues }) => issues)),
    sources: new ObjectSources({ renderer, view, local, encryption }),
    until: nextInstant(view, local.passedInstant ?? 0),
  };
}

function nextInstant({ blocks = [], hosts }: GnsView, now: number): number {
  const all = [...blocks, ...hosts.flatMap((host) => host.blocks ?? [])];
  return Math.min(...all.flatMap((block) => expiryOf(block) ?? []).filter((instant) => instant > now));
}
