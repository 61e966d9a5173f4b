import { describe, expect, it } from 'vitest';
import type { ScopeRef } from '@isthmus/store';
import { rightsOf } from './rights.js';
import { scopesToCreate } from './scopes-to-create.js';

const ORG: ScopeRef = { kind: 'ORGANIZATION', name: '' };
const project = (name: string): ScopeRef => ({ kind: 'PROJECT', name });
const SHOP: ScopeRef = { kind: 'GLOBAL_NAMESPACE', name: 'payments/shop' };
const EU: ScopeRef = { kind: 'CLUSTER_GROUP', name: 'eu' };
const CUSTOM = [
  { name: 'enroller', permissions: ['agents.write'] },
  { name: 'clerk', permissions: ['Cluster.write', 'TrafficPolicy.write'] },
];
const held = (...grants: [role: string, scope: ScopeRef][]) =>
  rightsOf(
    grants.map(([role, scope]) => ({ role, scope })),
    CUSTOM,
    [{ name: 'eu', clusters: { matchLabels: { region: 'eu' } } }],
  );

describe('where something can be made', () => {
  it('is nowhere without the right, and where it is held on what cannot hold anything new of the kind', () => {
    expect(scopesToCreate(held(['Viewer', ORG]), 'TrafficPolicy')).toEqual([]);
    const rights = held(['Owner', project('payments')], ['Owner', SHOP], ['Owner', EU]);
    for (const kind of ['Cluster', 'ClusterGroup', 'Project'] as const)
      expect(scopesToCreate(rights, kind)).toEqual([]);
    expect(scopesToCreate(held(['Owner', SHOP]), 'GlobalNamespace')).toEqual([]);
    expect(scopesToCreate(held(['Owner', SHOP]), 'ServiceGroup')).toEqual([]);
  });

  it('is the organization alone where it is held there, whatever else is', () => {
    expect(scopesToCreate(held(['Owner', ORG], ['Owner', project('payments')]), 'TrafficPolicy')).toEqual([ORG]);
  });

  it('is the projects, and of policies the global namespaces, on which it is held, each once', () => {
    const rights = held(['Owner', project('payments')], ['Developer', project('payments')], ['Owner', SHOP]);
    expect(scopesToCreate(rights, 'GlobalNamespace')).toEqual([project('payments')]);
    expect(scopesToCreate(rights, 'TrafficPolicy')).toEqual([project('payments'), SHOP]);
  });

  it('is not the default project for groups that policies of the whole organization name', () => {
    const rights = held(['Owner', project('default')], ['Owner', project('payments')]);
    expect(scopesToCreate(rights, 'UserGroup')).toEqual([project('payments')]);
    expect(scopesToCreate(rights, 'ServiceGroup')).toEqual([project('default'), project('payments')]);
  });

  it('takes what else is asked for at the same place', () => {
    expect(scopesToCreate(held(['clerk', ORG]), 'Cluster', ['agents.write'])).toEqual([]);
    expect(scopesToCreate(held(['clerk', ORG], ['enroller', EU]), 'Cluster', ['agents.write'])).toEqual([]);
    expect(scopesToCreate(held(['clerk', ORG], ['enroller', ORG]), 'Cluster', ['agents.write'])).toEqual([ORG]);
    const both = held(['clerk', ORG], ['Owner', project('payments')]);
    expect(scopesToCreate(both, 'TrafficPolicy', ['SloPolicy.write'])).toEqual([project('payments')]);
    expect(scopesToCreate(both, 'TrafficPolicy', ['tokens.manage'])).toEqual([]);
  });
});
