import {
  FEATURE_KINDS,
  FEATURE_SIDE,
  type BlockEntry,
  type HostPort,
  type Issue,
  type IssueCode,
} from '@isthmus/domain';
import type { SupportEffect, SupportFacts, SupportVerdict } from '../../support.js';
import { istioSupport } from '../support.js';
import { hostIssue, type HostScene } from './host-members.js';
import type { Scene } from './scene.js';

const CODES: Readonly<Record<SupportEffect, IssueCode>> = {
  FAIL_CLOSED: 'ISM0955',
  DEGRADED: 'ISM0956',
  NO_EFFECT: 'ISM0957',
};

/** What is known of this cluster's mesh for verdicts. */
export function supportFacts({ self, reachable, unserved, denied }: Scene): SupportFacts {
  return {
    mesh: 'istio',
    mode: self.mode ?? 'sidecar',
    unserved,
    denied,
    rawExtensions: self.rawExtensions ?? [],
    locality: self.locality !== undefined,
    gateway: (self.gateways ?? []).length > 0,
    trustDomain: self.trustDomain,
    remoteTrustDomains: [...reachable.values()].map(({ trustDomain }) => trustDomain),
  };
}

/** The ports of the host for which each block holds; egress is of no host, and judged where it is rendered. */
function holders({ policies }: HostScene, ports: readonly HostPort[]): Map<BlockEntry, HostPort[]> {
  const found = new Map<BlockEntry, HostPort[]>();
  for (const kind of FEATURE_KINDS.filter((one) => one !== 'egress')) {
    for (const port of ports) {
      for (const block of policies.explain(kind, port.number).holds)
        found.set(block, [...(found.get(block) ?? []), port]);
    }
  }
  return found;
}

function issueOf({ scene, host }: HostScene, block: BlockEntry, verdict: SupportVerdict): Issue {
  const { kind, project, name } = block.policy;
  const cannot = verdict.state === 'partial' ? 'is done in part' : 'cannot be done';
  const fields = verdict.fields.length === 0 ? '' : ` (${verdict.fields.join(', ')})`;
  const message = `${kind} ${project}/${name}: ${block.feature.kind}${fields} ${cannot} for ${host.host}: ${verdict.reason ?? 'NOT_IN_MESH'}. ${verdict.alternative ?? ''}`;
  return hostIssue(scene, host.host, { code: CODES[verdict.effect], message: message.trim() });
}

/** A block that was not written for just these ports skips those whose requests nobody sees, as every such policy must. */
function isExpected({ scope }: BlockEntry, { state, reason, effect }: SupportVerdict): boolean {
  if (reason !== 'WEAKER_SEMANTICS' || effect === 'FAIL_CLOSED') return false;
  return scope === 'SERVICE' ? state === 'partial' : scope !== 'PORT';
}

/**
 * What this mesh cannot do of the policies that hold for a host: for the client's side if clients are here, for the server's
 * if a member is. Each block is judged once, over all ports for which it holds.
 */
export function featureIssues(hostScene: HostScene, sides: { client: boolean; server: boolean }): Issue[] {
  if (hostScene.policies.isEmpty) return [];
  const facts = supportFacts(hostScene.scene);
  return [...holders(hostScene, hostScene.host.ports)].flatMap(([block, ports]) => {
    const side = FEATURE_SIDE[block.feature.kind];
    if (!(side === 'both' ? sides.client || sides.server : sides[side])) return [];
    const verdict = istioSupport({ ...block.feature, protocols: ports.map(({ protocol }) => protocol) }, facts);
    return verdict.state === 'supported' || isExpected(block, verdict) ? [] : [issueOf(hostScene, block, verdict)];
  });
}
