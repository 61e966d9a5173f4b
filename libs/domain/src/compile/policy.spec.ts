import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_VERSION } from '../api-group.js';
import type { ClusterGroup, PolicyTarget, SloPolicy, SloPolicySpec } from '../resources/types.js';
import { bodies, cluster, encryptionPolicy, globalNamespace } from './compile.fixture.js';
import { affectedClusters } from './consumers.js';
import { compilePolicy, type PolicyInput } from './policy.js';

const fleet = [cluster('east', {}, { tier: 'a' }), cluster('west', {}, { tier: 'a' }), cluster('onprem')];

function compile(fields: Partial<PolicyInput> = {}): { tree: Record<string, unknown>; codes: string[] } {
  const { tree, issues } = compilePolicy({
    gns: globalNamespace(),
    policies: [],
    clusters: fleet,
    compilerVersion: 1,
    ...fields,
  });
  return { tree: tree === undefined ? {} : bodies(tree), codes: issues.map(({ code }) => code) };
}

function slo(name: string, targets: PolicyTarget[], spec: Partial<SloPolicySpec> = {}): SloPolicy {
  const base: SloPolicySpec = {
    targets,
    indicator: { type: 'AVAILABILITY' },
    objective: '0.999',
    timeWindow: { duration: '28d', isRolling: true },
  };
  return { apiVersion: GROUP_VERSION, kind: 'SloPolicy', metadata: { name }, spec: { ...base, ...spec } };
}

describe('the policy tree', () => {
  it('is not made with a compiler version that this release does not carry', () => {
    expect(compile({ compilerVersion: 2 })).toEqual({ tree: {}, codes: ['ISM0200'] });
  });

  it('says nothing of encryption without a policy, so that the mesh keeps the mode of its owners', () => {
    expect(compile().tree).not.toHaveProperty(['gns/encryption']);
  });

  it('ignores policies of other projects and other global namespaces', () => {
    const other = {
      ...encryptionPolicy('b', 'STRICT'),
      spec: { targets: [{ globalNamespace: 'else' }], mode: 'STRICT' as const },
    };
    const { tree } = compile({ policies: [encryptionPolicy('a', 'STRICT', 'else'), other] });
    expect(tree).not.toHaveProperty(['gns/encryption']);
  });

  it('takes the strictest of several encryption policies and tells the losers', () => {
    const policies = [
      encryptionPolicy('a', 'DISABLE'),
      encryptionPolicy('b', 'STRICT'),
      encryptionPolicy('c', 'PERMISSIVE'),
    ];
    const { tree, issues } = compilePolicy({ gns: globalNamespace(), policies, clusters: fleet, compilerVersion: 1 });
    expect(tree && bodies(tree)['gns/encryption']).toMatchObject({ mode: 'STRICT' });
    expect(issues.map(({ code, resource }) => [code, resource?.name])).toEqual([
      ['ISM0112', 'a'],
      ['ISM0112', 'c'],
    ]);
    expect(compile({ policies: policies.slice(0, 1) }).tree['gns/encryption']).toMatchObject({ mode: 'DISABLE' });
  });

  it('pins the clusters that the rules select, less those excluded as a whole', () => {
    const gns = globalNamespace({
      members: [
        { clusters: { matchLabels: { tier: 'a' } }, namespaces: { names: ['shop'] } },
        { clusters: { names: ['onprem'] } },
      ],
      exclude: [
        { clusters: { names: ['west'] } },
        { clusters: { names: ['east'] }, namespaces: { names: ['kube-system'] } },
      ],
    });
    expect(compile({ gns }).tree['gns']).toEqual({
      kind: 'gns',
      project: 'default',
      name: 'shop',
      domain: 'shop.global',
      memberClusters: ['east', 'onprem'],
      consumers: [{ clusters: ['east'], namespaces: { names: ['shop'] }, except: [{ names: ['kube-system'] }] }],
    });
  });

  it('resolves cluster groups', () => {
    const group: ClusterGroup = {
      apiVersion: GROUP_VERSION,
      kind: 'ClusterGroup',
      metadata: { name: 'a' },
      spec: { clusters: { matchLabels: { tier: 'a' } } },
    };
    const gns = globalNamespace({ members: [{ clusters: { groups: ['a'] } }] });
    expect(compile({ gns, clusterGroups: [group] }).tree['gns']).toMatchObject({ memberClusters: ['east', 'west'] });
    expect(compile({ gns }).tree['gns']).not.toHaveProperty('memberClusters');
  });

  it('carries consumers with their namespaces as the agent has to match them', () => {
    const gns = globalNamespace({
      members: [{ clusters: { names: ['east'] } }],
      consumers: [
        { clusters: { names: ['west'] }, namespaces: { matchLabels: { b: '2', a: '1' }, globs: ['z-*', 'a-*'] } },
        { clusters: { names: ['onprem'] }, namespaces: { globs: ['a-*', 'z-*'], matchLabels: { a: '1', b: '2' } } },
        { clusters: { names: ['onprem'] } },
      ],
    });
    expect(compile({ gns }).tree['gns']).toMatchObject({
      memberClusters: ['east'],
      consumers: [
        { clusters: ['onprem'] },
        {
          clusters: ['onprem', 'west'],
          namespaces: {
            globs: ['a-*', 'z-*'],
            matchExpressions: [
              { key: 'a', operator: 'In', values: ['1'] },
              { key: 'b', operator: 'In', values: ['2'] },
            ],
          },
        },
      ],
    });
    expect(affectedClusters(gns, { clusters: fleet })).toEqual(['east', 'onprem', 'west']);
  });

  it('never widens a selector that matches nothing into one that matches all', () => {
    const gns = globalNamespace({
      members: [{ namespaces: { names: [] } }],
      consumers: [{ namespaces: { globs: [] } }],
    });
    expect(compile({ gns }).tree['gns']).not.toHaveProperty('consumers');
  });

  it('refuses objectives that are out of range', () => {
    for (const objective of ['0', '1', '1.0', '0.0', '0.9999999', 'x', '99.9', '']) {
      expect(compile({ policies: [slo('s', [{ globalNamespace: 'shop' }], { objective })] }).codes).toEqual([
        'ISM0203',
      ]);
    }
    const latency = { indicator: { type: 'LATENCY' as const } };
    expect(compile({ policies: [slo('s', [{ globalNamespace: 'shop' }], latency)] }).codes).toEqual(['ISM0203']);
    const window = { timeWindow: { duration: '0d', isRolling: true as const } };
    expect(compile({ policies: [slo('s', [{ globalNamespace: 'shop' }], window)] }).codes).toEqual(['ISM0203']);
  });

  it('lowers objectives of the global namespace and of single hosts', () => {
    const policies = [
      slo('all', [{ globalNamespace: 'shop' }]),
      slo('one', [{ globalNamespace: 'shop', service: 'cart' }], {
        indicator: { type: 'LATENCY', thresholdMs: 250 },
        objective: '0.95',
        timeWindow: { duration: '24h', isRolling: true },
      }),
    ];
    const { tree } = compile({ policies });
    expect(tree['gns/slo/default/all']).toEqual({
      kind: 'slo',
      name: 'all',
      indicator: 'AVAILABILITY',
      objectivePpm: 999_000,
      windowSeconds: 2_419_200,
    });
    expect(tree['host/cart.shop.global/slo/default/one']).toEqual({
      kind: 'slo',
      name: 'one',
      indicator: 'LATENCY',
      thresholdMs: 250,
      objectivePpm: 950_000,
      windowSeconds: 86_400,
    });
  });

  it('asks for the namespace where the host template needs it', () => {
    const gns = globalNamespace({ hostTemplate: '{service}.{namespace}.{domain}' });
    const target = (service: string): PolicyInput['policies'] => [slo('s', [{ globalNamespace: 'shop', service }])];
    expect(compile({ gns, policies: target('cart') }).codes).toEqual(['ISM0202']);
    expect(compile({ policies: target('cart.ns') }).codes).toEqual(['ISM0202']);
    expect(compile({ gns, policies: target('cart.ns') }).tree).toHaveProperty('host/cart.ns.shop.global/slo/default/s');
  });

  it('is the same for every order of its input', () => {
    const policies = [
      encryptionPolicy('a', 'STRICT'),
      encryptionPolicy('b', 'STRICT'),
      slo('x', [{ globalNamespace: 'shop' }, { globalNamespace: 'shop', service: 'cart' }]),
    ];
    const members = [
      { clusters: { names: ['west', 'east'] }, namespaces: { names: ['b', 'a'] } },
      { namespaces: { globs: ['x*'] } },
    ];
    const root = (input: PolicyInput): string | undefined => compilePolicy(input).tree?.root;
    const base: PolicyInput = { gns: globalNamespace({ members }), policies, clusters: fleet, compilerVersion: 1 };
    const orders = fc.tuple(
      fc.shuffledSubarray(policies, { minLength: 3 }),
      fc.shuffledSubarray(fleet, { minLength: 3 }),
      fc.shuffledSubarray(members, { minLength: 2 }),
    );
    fc.assert(
      fc.property(orders, ([p, clusters, rules]) => {
        expect(root({ gns: globalNamespace({ members: rules }), policies: p, clusters, compilerVersion: 1 })).toBe(
          root(base),
        );
      }),
    );
  });
});
