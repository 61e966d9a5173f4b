import type { LocalFacts } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { kindName, NEEDED_KINDS, OPTIONAL_KINDS } from './owned-object.js';
import { baseFiles, renderFiles } from './policy-cases.fixture.js';

const site = JSON.stringify({
  apiVersion: 'isthmus.dev/v1alpha1',
  kind: 'WorkloadSite',
  metadata: { name: 'dc-1' },
  spec: {
    cluster: 'east',
    namespace: 'bookinfo',
    services: [{ name: 'reviews' }],
    workloads: [
      { name: 'one', service: 'reviews', address: '192.0.2.10', serviceAccount: 'vm-b' },
      { name: 'two', service: 'reviews', address: '192.0.2.11', serviceAccount: 'vm-a' },
      { name: 'three', service: 'reviews', address: '192.0.2.12', serviceAccount: 'vm-b' },
    ],
  },
});

function east(facts: Partial<LocalFacts> = {}) {
  const { clusters, issues } = renderFiles([...baseFiles(), { path: 'site.yaml', text: site }], (all) => all, facts);
  const objects = clusters.get('east') ?? [];
  const ofKind = (name: string) => objects.filter(({ kind }) => kind === name);
  return {
    entries: ofKind('WorkloadEntry'),
    groups: ofKind('WorkloadGroup'),
    told: issues.filter(({ cluster, code }) => cluster === 'east' && code === 'ISM0956'),
  };
}

const servedWithout = (kind: 'WorkloadEntry' | 'WorkloadGroup') => ({
  servedKinds: [...NEEDED_KINDS, ...OPTIONAL_KINDS].filter((one) => one !== kindName(kind)),
});

describe('machines in a cluster', () => {
  it('get no requests where it lacks the kind for them, which is told once with what helps', () => {
    const { entries, told } = east(servedWithout('WorkloadEntry'));
    expect(entries).toEqual([]);
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toMatch(/^Machines of reviews\.bookinfo\.global get no requests here: \S.*\. \S/);
  });

  it('serve without groups where only the kind of these is lacking, and nobody is told that they get no requests', () => {
    const { entries, groups, told } = east(servedWithout('WorkloadGroup'));
    expect(entries).toHaveLength(3);
    expect(groups).toEqual([]);
    expect(told.filter(({ message }) => message.startsWith('Machines of'))).toEqual([]);
  });

  it('are in one group for each account, in the order of the accounts, and all is well', () => {
    const { entries, groups, told } = east();
    expect(entries).toHaveLength(3);
    expect(groups.map((group) => (group as unknown as Group).spec.template.serviceAccount)).toEqual(['vm-a', 'vm-b']);
    expect(told).toEqual([]);
  });

  it('are nothing to be told of where there are none, whatever is lacking', () => {
    const { issues } = renderFiles(baseFiles(), (all) => all, servedWithout('WorkloadEntry'));
    expect(issues.filter(({ message }) => message.startsWith('Machines of'))).toEqual([]);
  });
});

interface Group {
  spec: { template: { serviceAccount: string } };
}
