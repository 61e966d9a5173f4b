import type { Issue } from '@isthmus/domain';
import type { RenderedObject } from '@isthmus/meshes';
import type { StepName } from '@isthmus/protocol';
import type { OwnedObject } from '../cluster/cluster-port.js';
import { agentIssue } from '../report/agent-issue.js';
import { keyOf } from './object-keys.js';

/**
 * What one global namespace asks for in this round. `keep`: its objects stay exactly as they are.
 * `render`: these objects and no others, except those of hosts in `keepHosts`, which stay.
 * `planned`: all of its deletions were decided by a signed statement and need no approval.
 * `step`: how far it may go for now; without it all of the way.
 * `isDecided`: the same for deletions of one host, or of what belongs to none, by the signed catalog; without it none was.
 */
export type GnsWish =
  | { gns: string; kind: 'keep' }
  | {
      gns: string;
      kind: 'render';
      objects: readonly RenderedObject[];
      keepHosts: ReadonlySet<string>;
      planned: boolean;
      step?: StepName | undefined;
      isDecided?: (host: string | undefined) => boolean;
    };

export type RenderWish = GnsWish & { kind: 'render' };

/** The objects that each rendered global namespace gets to hold, and an issue for each that another one holds. */
export interface SharedOut {
  wishes: RenderWish[];
  issues: Map<string, Issue[]>;
}

/** Gives each object to one global namespace: the one that the record names as its holder, else the first id that asks. */
export function shareOut(wishes: readonly GnsWish[], recorded: readonly OwnedObject[]): SharedOut {
  const holders = new Map(recorded.map((owned) => [keyOf(owned), owned.gns]));
  const issues = new Map<string, Issue[]>();
  const rendered = wishes.filter((wish) => wish.kind === 'render').sort((a, b) => (a.gns < b.gns ? -1 : 1));
  const shared = rendered.map((wish) => {
    const objects = wish.objects.filter(({ object }) => {
      const key = keyOf(object);
      const holder = holders.get(key) ?? wish.gns;
      holders.set(key, holder);
      if (holder !== wish.gns) issues.set(wish.gns, [...(issues.get(wish.gns) ?? []), taken(key)]);
      return holder === wish.gns;
    });
    return { ...wish, objects };
  });
  return { wishes: shared, issues };
}

function taken(key: string): Issue {
  return agentIssue('ISM0440', { path: key, message: `another global namespace holds ${key}` });
}
