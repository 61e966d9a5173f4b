import { describe, expect, it } from 'vitest';
import { explainHost } from './explain-host.js';
import type { BlockEntry, Scope } from './features/block.js';
import type { Feature } from './features/features.js';
import type { GnsView, HostView } from './view.js';

const TIMEOUT: Feature = { kind: 'timeout', requestMs: 100 };

function block(name: string, scope: Scope, fields: Partial<BlockEntry> = {}): BlockEntry {
  return {
    kind: 'block',
    scope,
    policy: { kind: 'TrafficPolicy', project: 'default', name },
    feature: TIMEOUT,
    ...fields,
  };
}

function explain(
  gns: BlockEntry[],
  host: BlockEntry[] = [],
  { groups = [], now = 0 }: { groups?: string[]; now?: number } = {},
) {
  const port = (number: number) => ({ number, name: `p${number}`, protocol: 'HTTP' as const });
  const hostView: HostView = {
    host: { kind: 'host', host: 'web.shop.global', service: 'web', vip: '240.1.0.1', ports: [port(9080), port(80)] },
    members: [],
    blocks: host,
    groups,
  };
  return explainHost(
    { blocks: gns, encryption: { kind: 'encryption', mode: 'STRICT' } } as unknown as GnsView,
    hostView,
    now,
  );
}

const brief = (...given: Parameters<typeof explain>) =>
  explain(...given).features.map(({ feature, ports, holds, lost }) =>
    [
      feature,
      ports.join(),
      holds.map(({ policy }) => policy.name).join(),
      lost.map(({ policy, reason, against }) => `${policy.name}<${against.name}:${reason}`).join(),
    ].join(' | '),
  );

const faults = (name: string, scope: Scope, expiresAtMs?: number): BlockEntry =>
  block(name, scope, { feature: { kind: 'faults', ...(expiresAtMs === undefined ? {} : { expiresAtMs }) } });

describe('the explanation of a host', () => {
  it('names what has ended, from the instant on, and what holds in its place', () => {
    const [wide, narrow] = [faults('wide', 'PROJECT'), faults('narrow', 'SERVICE', 100)];
    expect(brief([wide], [narrow], { now: 99 })).toEqual(['faults |  | narrow | wide<narrow:NARROWER_SCOPE']);
    expect(brief([wide], [narrow], { now: 100 })).toEqual([
      'faults |  | wide | ',
      'faults |  |  | narrow<narrow:EXPIRED',
    ]);
    expect(brief([], [narrow], { now: 100 })).toEqual(['faults |  |  | narrow<narrow:EXPIRED']);
    expect(
      brief([block('g', 'SERVICE_GROUP', { ...faults('g', 'SERVICE_GROUP', 1), group: 'gold' })], [], { now: 100 }),
    ).toEqual([]);
  });

  it('has no feature without a policy, and the mode of encryption', () => {
    expect(explain([])).toEqual({ host: 'web.shop.global', encryption: 'STRICT', features: [], published: [] });
  });

  it('says what holds with its fields, policy and scope', () => {
    const group = block('g', 'SERVICE_GROUP', { group: 'gold', enforced: true });
    expect(explain([group], [], { groups: ['gold'] }).features).toEqual([
      {
        feature: 'timeout',
        ports: [],
        holds: [
          { policy: group.policy, scope: 'SERVICE_GROUP', group: 'gold', enforced: true, fields: { requestMs: 100 } },
        ],
        lost: [],
      },
    ]);
    expect(brief([group], [], { groups: ['silver'] })).toEqual([]);
  });

  it('says what lost, against whom, and why', () => {
    const gns = block('gns', 'GLOBAL_NAMESPACE');
    expect(brief([gns, block('org', 'ORGANIZATION')], [block('svc', 'SERVICE')])).toEqual([
      'timeout |  | svc | gns<svc:NARROWER_SCOPE,org<svc:NARROWER_SCOPE',
    ]);
    expect(brief([gns, block('org', 'ORGANIZATION', { enforced: true })])).toEqual([
      'timeout |  | org | gns<org:ENFORCED',
    ]);
    expect(brief([gns, block('a', 'GLOBAL_NAMESPACE')])).toEqual(['timeout |  | a | gns<a:EQUAL_SCOPE']);
    expect(
      brief([block('prj', 'PROJECT', { enforced: true }), block('org', 'ORGANIZATION', { enforced: true })]),
    ).toEqual(['timeout |  | org | prj<org:ENFORCED']);
  });

  it('keeps ports apart where they differ, and only there', () => {
    const retry = block('retry', 'PROJECT', { feature: { kind: 'retry', attempts: 1 } });
    expect(brief([retry], [block('svc', 'SERVICE'), block('port', 'PORT', { port: 80 })])).toEqual([
      'timeout | 80 | port | svc<port:NARROWER_SCOPE',
      'timeout | 9080 | svc | ',
      'retry |  | retry | ',
    ]);
  });

  it('shows together what holds together', () => {
    const cordon = (name: string, scope: Scope) =>
      block(name, scope, { feature: { kind: 'cordon', clusters: [name] } });
    expect(brief([cordon('east', 'PROJECT')], [cordon('west', 'SERVICE')])).toEqual(['cordon |  | west,east | ']);
  });
});
