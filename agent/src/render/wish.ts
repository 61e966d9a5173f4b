import { EMPTY_ROOT, isDecidedRemoval, parseGnsEntry } from '@isthmus/domain';
import type { Issue, LocalFacts, Tree } from '@isthmus/domain';
import type { RenderedObject } from '@isthmus/meshes';
import { comparePairs } from '@isthmus/protocol';
import type { ApplyState, Position, StepName } from '@isthmus/protocol';
import type { GnsWish } from '../apply/desired.js';
import { agentIssue } from '../report/agent-issue.js';
import type { FollowedLine, Lines } from '../sync/lines.js';

/** Objects of one global namespace in this cluster. `keepHosts`: hosts whose entries this agent does not understand. */
export type GnsRender =
  | { kind: 'objects'; objects: readonly RenderedObject[]; keepHosts: ReadonlySet<string>; issues: Issue[] }
  | { kind: 'unreadable'; issues: Issue[] };

/** The trees of one global namespace. */
export interface RenderRequest {
  gns: string;
  policy: Tree;
  catalog: Tree;
}

/** Joins the trees and renders them for this cluster's mesh. */
export type RenderGns = (request: RenderRequest, local: LocalFacts) => GnsRender | Promise<GnsRender>;

/** A wish with what to report of it. `state` is undefined when the round itself decides. */
export interface Judged {
  wish: GnsWish;
  issues: Issue[];
  state: ApplyState | undefined;
  policy: Position | undefined;
  catalog: Position | undefined;
}

export interface JudgeContext {
  lines: Lines;
  render: RenderGns;
  /** Undefined: the cluster's namespaces are not known well enough to render. */
  local: LocalFacts | undefined;
  frozen: (gns: string) => boolean;
  /** Names of gateways whose addresses are not known yet and are worth waiting for. */
  awaited: (gns: string) => readonly string[];
}

/**
 * What to do about one global namespace: nothing without a policy (discovery must not expose a service before its protection),
 * nothing while the policy's catalog is missing, removal when the policy root is the empty tree, else render.
 * What is followed is taken before the first wait.
 */
export async function judgeGns(gns: string, context: JudgeContext): Promise<Judged> {
  const policy = context.lines.get(gns, 'policy');
  const catalog = context.lines.get(gns, 'catalog');
  const judged: Judged = {
    wish: { gns, kind: 'keep' },
    issues: [],
    state: 'WAITING',
    policy: policy?.position,
    catalog: catalog?.position,
  };
  if (context.frozen(gns))
    return {
      ...judged,
      state: 'FROZEN',
      issues: [agentIssue('ISM0439', { path: '', message: 'frozen: nothing is changed here' })],
    };
  if (policy?.tree === undefined)
    return { ...judged, issues: [agentIssue('ISM0436', { path: '', message: 'no policy has arrived yet' })] };
  if (policy.tree.root === EMPTY_ROOT) return { ...judged, wish: leave(gns), state: undefined };
  if (!hasCatalog(policy, catalog))
    return { ...judged, issues: [agentIssue('ISM0435', { path: '', message: waitText(policy, catalog) })] };
  if (context.local === undefined)
    return {
      ...judged,
      issues: [
        agentIssue('ISM0410', {
          path: '',
          message: 'the namespaces of this cluster are not known; rendered objects stay as they are',
        }),
      ],
    };
  const awaited = context.awaited(gns);
  if (awaited.length > 0)
    return { ...judged, issues: [agentIssue('ISM0447', { path: '', message: awaitText(awaited) })] };
  const trees = { policy: policy.tree, catalog: catalog.tree };
  const result = await context.render({ gns, ...trees }, context.local);
  return rendered(judged, result, { ...trees, step: policy.step });
}

function domainOf(policy: Tree): string | undefined {
  const item = policy.entries.get('gns');
  const gns = item && parseGnsEntry(item.body);
  return gns?.ok === true ? gns.value.domain : undefined;
}

interface Followed extends Omit<RenderRequest, 'gns'> {
  step: StepName | undefined;
}

function rendered(judged: Judged, result: GnsRender, { policy, catalog, step }: Followed): Judged {
  if (result.kind === 'unreadable') return { ...judged, issues: result.issues };
  const { objects, keepHosts, issues } = result;
  return {
    ...judged,
    wish: {
      gns: judged.wish.gns,
      kind: 'render',
      objects,
      keepHosts,
      planned: false,
      step,
      isDecided: (host) => isDecidedRemoval(catalog, host, domainOf(policy)),
    },
    issues,
    state: undefined,
  };
}

function leave(gns: string): GnsWish {
  return { gns, kind: 'render', objects: [], keepHosts: new Set(), planned: true };
}

function hasCatalog(policy: FollowedLine, catalog: FollowedLine | undefined): catalog is FollowedLine & { tree: Tree } {
  if (catalog?.tree === undefined) return false;
  return comparePairs(catalog.position, { epoch: policy.position.epoch, seq: policy.minCatalogSeq ?? 0 }) >= 0;
}

function awaitText(names: readonly string[]): string {
  return `no address is known yet of ${names.join(', ')}; rendered objects stay as they are`;
}

function waitText(policy: FollowedLine, catalog: FollowedLine | undefined): string {
  const has = catalog?.tree ? `the catalog is at ${String(catalog.position.seq)}` : 'no catalog has arrived yet';
  return `the policy needs catalog ${String(policy.minCatalogSeq ?? 0)}; ${has}`;
}
