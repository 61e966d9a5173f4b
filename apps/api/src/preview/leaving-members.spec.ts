import type { Cluster, ClusterInventory, GlobalNamespace, GlobalNamespaceSpec } from '@isthmus/domain';
import type { MemberRecord } from '@isthmus/store';
import { describe, expect, it } from 'vitest';
import { leavingIssues, leavingMembers, type LeavingInput } from './leaving-members.js';

const now = new Date('2026-01-01T00:00:00Z');
const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `s${String(at)}`);
const gns = (spec: Partial<GlobalNamespaceSpec> = {}): GlobalNamespace => ({
  apiVersion: 'isthmus.dev/v1alpha1',
  kind: 'GlobalNamespace',
  metadata: { name: 'shop', project: 'default' },
  spec: { domain: 'shop.global', members: [{ namespaces: { names: ['shop'] } }], ...spec },
});
const cluster = (name: string): Cluster => ({
  apiVersion: 'isthmus.dev/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { mesh: { kind: 'istio' } },
});
const inventory = (services: readonly string[], readable = true): ClusterInventory => ({
  mesh: {},
  gateways: [],
  namespaces: [
    {
      name: 'shop',
      labels: {},
      readable,
      services: services.map((name) => ({
        name,
        labels: {},
        type: 'ClusterIP',
        headless: false,
        selector: { app: name },
        ports: [{ number: 80, protocol: 'TCP', targetPort: 8080 }],
      })),
      workloads: [],
    },
  ],
});
const member = (service: string, more: Partial<MemberRecord> = {}): MemberRecord => ({
  gns: 'g',
  host: `${service}.shop.global`,
  cluster: 'east',
  namespace: 'shop',
  service,
  state: 'served',
  enteredSeq: 1,
  dueAt: undefined,
  version: 1,
  updatedAt: now,
  ...more,
});
const input = (more: Partial<LeavingInput> = {}): LeavingInput => ({
  gns: gns(),
  clusters: [cluster('east')],
  clusterGroups: [],
  inventories: new Map([['east', inventory(names(12))]]),
  members: names(12).map((name) => member(name)),
  removals: [],
  leaving: new Set(),
  now,
  ...more,
});
const without = (count: number): GlobalNamespace => gns({ exclude: [{ services: { names: names(count) } }] });

describe('members that a change would make leave', () => {
  it('are those that the rules no longer ask for, not what was deleted, cannot be seen, or drains already', () => {
    expect(leavingMembers(input())).toEqual([]);
    expect(leavingMembers(input({ gns: without(2) })).map(({ service }) => service)).toEqual(['s0', 's1']);
    const gone = new Map([['east', inventory(names(12).slice(2))]]);
    expect(leavingMembers(input({ gns: without(2), inventories: gone }))).toEqual([]);
    const hidden = new Map([['east', inventory(names(12), false)]]);
    expect(leavingMembers(input({ gns: without(2), inventories: hidden }))).toEqual([]);
    expect(leavingMembers(input({ gns: without(2), inventories: new Map() }))).toEqual([]);
    const draining = names(12).map((name) => member(name, { state: 'draining' }));
    expect(leavingMembers(input({ gns: without(2), members: draining }))).toEqual([]);
  });

  it('are all of a cluster that the rules leave out, seen or not, and none of one that was deleted', () => {
    const away = gns({ members: [{ clusters: { names: ['west'] } }] });
    expect(leavingMembers(input({ gns: away, inventories: new Map() }))).toHaveLength(12);
    expect(leavingMembers(input({ gns: away, clusters: [] }))).toEqual([]);
  });

  it('are none of a cluster that leaves: that was decided by a person', () => {
    expect(leavingMembers(input({ gns: without(2), leaving: new Set(['west']) }))).toHaveLength(2);
    expect(leavingMembers(input({ gns: without(2), leaving: new Set(['east']) }))).toEqual([]);
  });

  it('are those whose host gets another name', () => {
    expect(leavingMembers(input({ gns: gns({ hostTemplate: '{service}.{namespace}.{domain}' }) }))).toHaveLength(12);
  });

  it('are told when they would wait for a person, with the command that lets them go, and not before', () => {
    expect(leavingIssues(input({ gns: without(4) }))).toEqual([]);
    expect(leavingIssues(input({ gns: without(5) }))).toMatchObject([
      {
        code: 'ISM0510',
        severity: 'WARNING',
        hint: 'isthmus approve --global-namespace shop',
        message: '5 hosts (5 members) leave shop by this change and wait for approval: s0.shop.global and 4 more',
      },
    ]);
    const removal = { gns: 'g', decidedBy: '', decidedAt: now, catalogSeq: 1, open: true };
    const removals = ['x', 'y'].map((host) => ({ ...removal, host, cause: 'RULES' as const }));
    expect(leavingIssues(input({ gns: without(3), removals }))).toHaveLength(1);
  });
});
