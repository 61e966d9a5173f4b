import { blocksFor, hasExpired, type BlockEntry, type Scope } from './features/block.js';
import { FEATURE_KINDS, type Feature, type FeatureKind } from './features/features.js';
import { byCodeUnit } from '../tree/canonical.js';
import { HostPolicies } from './host-policies.js';
import type { GnsView, HostView } from './view.js';

/** Why a block lost: a narrower scope, an enforced one of a wider scope, the first by project and name at equal scope, or time (`against` is then itself). */
type LostReason = 'NARROWER_SCOPE' | 'ENFORCED' | 'EQUAL_SCOPE' | 'EXPIRED';

/** A block of a policy, and where it comes from. */
interface ExplainedBlock {
  policy: { kind: string; project: string; name: string };
  scope: Scope;
  /** Service group, with that scope. */
  group?: string;
  enforced: boolean;
  /** What it says, in base units: milliseconds, hundredths of a percent. */
  fields: Readonly<Record<string, unknown>>;
}

/** A block without effect, with the one that it lost against. */
interface LostBlock extends ExplainedBlock {
  reason: LostReason;
  against: ExplainedBlock['policy'];
}

/** What holds of one feature for ports of a host. */
export interface ExplainedFeature {
  feature: FeatureKind;
  /** The ports for which it holds, by number; empty: all. */
  ports: number[];
  /** What holds: one, or several that hold together; none if all have ended. */
  holds: ExplainedBlock[];
  /** What lost, the strongest first. */
  lost: LostBlock[];
}

/** Names by which the world outside calls a host. */
export interface PublishedAs {
  policy: ExplainedBlock['policy'];
  hosts: string[];
  /** Clusters whose ingress gateways lead to it. */
  clusters: string[];
  /** Paths that lead to it; empty: all that lead nowhere else. */
  paths: string[];
}

/** What policies come to for one host, and why. */
export interface HostExplanation {
  host: string;
  /** Undefined: no policy says anything, and the mesh's own mode stays. */
  encryption: 'DISABLE' | 'PERMISSIVE' | 'STRICT' | undefined;
  features: ExplainedFeature[];
  published: PublishedAs[];
}

function explained({ policy, scope, group, enforced, feature }: BlockEntry): ExplainedBlock {
  const { kind: _kind, ...fields } = feature satisfies Feature;
  return {
    policy,
    scope,
    ...(group === undefined ? {} : { group }),
    enforced: enforced === true,
    fields,
  };
}

/** The loser stands behind the winner in the order of precedence. */
function reasonOf(winner: BlockEntry, loser: BlockEntry): LostReason {
  if (winner.scope === loser.scope && winner.enforced === loser.enforced) return 'EQUAL_SCOPE';
  return winner.enforced === true ? 'ENFORCED' : 'NARROWER_SCOPE';
}

function lostTo(winner: BlockEntry, loser: BlockEntry): LostBlock {
  return { ...explained(loser), reason: reasonOf(winner, loser), against: winner.policy };
}

/** What holds for each set of ports for which the same holds and the same lost. */
function ofKind(policies: HostPolicies, kind: FeatureKind, ports: readonly number[]): ExplainedFeature[] {
  const groups: { ports: number[]; holds: BlockEntry[]; lost: BlockEntry[] }[] = [];
  for (const port of ports) {
    const { holds, lost } = policies.explain(kind, port);
    const isSame = (a: readonly BlockEntry[], b: readonly BlockEntry[]) =>
      a.length === b.length && a.every((one, index) => one === b[index]);
    const known = groups.find((group) => isSame(group.holds, holds) && isSame(group.lost, lost));
    if (known !== undefined) known.ports.push(port);
    else groups.push({ ports: [port], holds, lost });
  }
  return groups
    .filter(({ holds }) => holds.length > 0)
    .map(({ ports: some, holds, lost }) => ({
      feature: kind,
      ports: some.length === ports.length ? [] : some,
      holds: holds.map(explained),
      lost: lost.map((one) => lostTo(holds[0] ?? one, one)),
    }));
}

/** True if the block would hold for the host or one of its ports. */
function isOfHost(block: BlockEntry, groups: ReadonlySet<string>, ports: readonly number[]): boolean {
  return ports.some((port) => blocksFor([block], block.feature.kind, { groups, port }).length > 0);
}

/** Blocks that have ended stand with what lost, so that nobody seeks them in vain. */
function withExpired(features: readonly ExplainedFeature[], ended: readonly BlockEntry[]): ExplainedFeature[] {
  const rows = ended.map((block): ExplainedFeature => {
    const ports = block.port === undefined ? [] : [block.port];
    return {
      feature: block.feature.kind,
      ports,
      holds: [],
      lost: [{ ...explained(block), reason: 'EXPIRED', against: block.policy }],
    };
  });
  return FEATURE_KINDS.flatMap((kind) => [...features, ...rows].filter(({ feature }) => feature === kind));
}

function publishedAs({ publics = [] }: GnsView, host: string): PublishedAs[] {
  return publics.flatMap(({ project, name, hosts, gateways, routes }) => {
    const here = routes.filter((route) => route.host === host);
    if (here.length === 0) return [];
    const isRest = here.some(({ path }) => path === undefined);
    return [
      {
        policy: { kind: 'PublicService', project, name },
        hosts,
        clusters: [...new Set(gateways.flatMap(({ clusters }) => clusters))].sort(byCodeUnit),
        paths: isRest ? [] : here.flatMap(({ path }) => path?.value ?? []),
      },
    ];
  });
}

/** What policies come to for one host of a global namespace at an instant (milliseconds since 1970), feature by feature, and what lost and why. */
export function explainHost(view: GnsView, hostView: HostView, now: number): HostExplanation {
  const policies = new HostPolicies({ ...view, passedInstant: now }, hostView);
  const ports = hostView.host.ports.map(({ number }) => number).sort((a, b) => a - b);
  const groups = new Set(hostView.groups);
  const ended = [...(view.blocks ?? []), ...(hostView.blocks ?? [])].filter(
    (block) => hasExpired(block, now) && isOfHost(block, groups, ports),
  );
  return {
    host: hostView.host.host,
    encryption: view.encryption?.mode,
    features: withExpired(
      FEATURE_KINDS.flatMap((kind) => ofKind(policies, kind, ports)),
      ended,
    ),
    published: publishedAs(view, hostView.host.host),
  };
}
