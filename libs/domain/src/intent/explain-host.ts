import type { BlockEntry, Scope } from './features/block.js';
import { FEATURE_KINDS, type Feature, type FeatureKind } from './features/features.js';
import { HostPolicies } from './host-policies.js';
import type { GnsView, HostView } from './view.js';

/** Why a block lost: a narrower scope, an enforced one of a wider scope, or the first by project and name at equal scope. */
type LostReason = 'NARROWER_SCOPE' | 'ENFORCED' | 'EQUAL_SCOPE';

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
  /** What holds: one, or several that hold together. */
  holds: ExplainedBlock[];
  /** What lost, the strongest first. */
  lost: LostBlock[];
}

/** What policies come to for one host, and why. */
export interface HostExplanation {
  host: string;
  /** Undefined: no policy says anything, and the mesh's own mode stays. */
  encryption: 'DISABLE' | 'PERMISSIVE' | 'STRICT' | undefined;
  features: ExplainedFeature[];
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

/** What policies come to for one host of a global namespace, feature by feature, and what lost and why. */
export function explainHost(view: GnsView, hostView: HostView): HostExplanation {
  const policies = new HostPolicies(view, hostView);
  const ports = hostView.host.ports.map(({ number }) => number).sort((a, b) => a - b);
  return {
    host: hostView.host.host,
    encryption: view.encryption?.mode,
    features: FEATURE_KINDS.flatMap((kind) => ofKind(policies, kind, ports)),
  };
}
