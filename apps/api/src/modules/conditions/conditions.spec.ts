import type {
  AppliedRecord,
  HeadRecord,
  HoldRecord,
  InventoryHeadRecord,
  ResourceRecord,
  SessionRecord,
  TargetRecord,
} from '@isthmus/store';
import { describe, expect, it } from 'vitest';
import { isCurrent, statusOf, type TargetModel } from '../targets/target-model.js';
import { clusterConditions } from './cluster-conditions.js';
import { namespaceConditions, type NamespaceFacts } from './namespace-conditions.js';

const now = new Date('2026-01-01T00:00:00Z');
const ROOT = 'a'.repeat(64);

const resource = (more: Partial<ResourceRecord> = {}): ResourceRecord => ({
  kind: 'GlobalNamespace',
  project: 'default',
  name: 'shop',
  uid: 'g1',
  labels: {},
  annotations: {},
  spec: { domain: 'shop.global', members: [] },
  generation: 3,
  resourceVersion: '10',
  createdAt: now,
  updatedAt: now,
  ...more,
});
const session = (more: Partial<SessionRecord> = {}): SessionRecord => ({
  cluster: 'c1',
  session: 1,
  gatewayId: 'g',
  clusterUid: 'u',
  agentVersion: '1.0',
  address: '::1',
  connected: true,
  connectedAt: now,
  disconnectedAt: undefined,
  lastSeenAt: now,
  lastError: undefined,
  quarantine: undefined,
  revokedAt: undefined,
  enrolledAt: undefined,
  enrolledFrom: undefined,
  clockSkewMs: undefined,
  protocol: undefined,
  version: 1,
  ...more,
});
const head = (more: Partial<HeadRecord> = {}): HeadRecord => ({
  gns: 'g1',
  specVersion: 10,
  policyRevision: 2,
  policyRoot: ROOT,
  compilerVersion: 1,
  catalogEpoch: 1,
  catalogSeq: 5,
  catalogRoot: ROOT,
  catalogStatement: '',
  catalogSignature: '',
  inventoryVersion: 1,
  policyIssues: [],
  catalogIssues: [],
  rollout: undefined,
  version: 1,
  updatedAt: now,
  ...more,
});
const applied = (line: 'policy' | 'catalog', more: Partial<AppliedRecord> = {}): AppliedRecord => ({
  cluster: 'c1',
  gns: 'g1',
  line,
  ref: { epoch: 1, seq: 5, root: ROOT },
  objectCount: 4,
  issues: [],
  errorCount: 0,
  warningCount: 0,
  appliedAt: now,
  version: 1,
  detail: { state: 'APPLIED' },
  ...more,
});
const record = (more: Partial<TargetRecord> = {}): TargetRecord => ({
  cluster: 'c1',
  gns: 'g1',
  state: 'ACTIVE',
  ref: { epoch: 1, seq: 5, root: ROOT },
  minCatalogSeq: 0,
  revision: 2,
  statement: '',
  signature: '',
  version: 1,
  movedAt: now,
  ...more,
});
const target = (more: Partial<TargetModel> = {}): TargetModel => ({
  typename: 'Target',
  record: record(),
  head: head(),
  policy: applied('policy'),
  catalog: applied('catalog'),
  session: session(),
  ...more,
});
const ref = (epoch: number, seq: number, root = ROOT) => ({ ref: { epoch, seq, root } });

describe('a target', () => {
  it.each([
    ['UNKNOWN', 'its agent was never heard', target({ session: undefined })],
    ['UNKNOWN', 'its agent is away, though it applied everything', target({ session: session({ connected: false }) })],
    ['PENDING', 'nothing was applied', target({ policy: undefined })],
    ['PENDING', 'an older policy was applied', target({ policy: applied('policy', ref(1, 4)) })],
    ['PENDING', 'a policy of an older lineage was applied', target({ record: record(ref(2, 1)) })],
    [
      'PENDING',
      'the same pair with another root was applied',
      target({ policy: applied('policy', ref(1, 5, 'b'.repeat(64))) }),
    ],
    ['PENDING', 'the catalog is behind', target({ catalog: applied('catalog', ref(1, 4)) })],
    ['PENDING', 'no catalog was applied', target({ catalog: undefined })],
    [
      'PENDING',
      'a line waits for the other',
      target({ catalog: applied('catalog', { detail: { state: 'WAITING' } }) }),
    ],
    ['FAILED', 'a line has errors', target({ catalog: applied('catalog', { errorCount: 1 }) })],
    ['FAILED', 'some objects failed', target({ policy: applied('policy', { detail: { state: 'PARTIAL' } }) })],
    ['HELD', 'deletions wait for a person', target({ policy: applied('policy', { detail: { state: 'HELD' } }) })],
    ['APPLIED', 'both lines are in place', target()],
    ['APPLIED', 'a newer catalog than the head was applied', target({ catalog: applied('catalog', ref(1, 6)) })],
    ['LEFT', 'it is closed', target({ record: record({ state: 'CLOSED' }), session: undefined })],
  ])('is %s when %s', (status, _why, model) => {
    expect(statusOf(model)).toBe(status);
  });

  it('that leaves needs no catalog', () => {
    expect(isCurrent(target({ record: record({ state: 'LEAVING' }), catalog: undefined }))).toBe(true);
  });
});

const texts = (conditions: { type: string; status: string; reason: string }[]) =>
  conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);

describe('conditions of a global namespace', () => {
  const facts: NamespaceFacts = { gns: resource(), policies: [], head: head(), targets: [target()], holds: [] };

  it('are never good of what nobody measured', () => {
    expect(texts(namespaceConditions(facts))).toEqual([
      'Compiled TRUE Compiled',
      'Valid TRUE NoErrors',
      'Applied TRUE Applied',
      'Healthy UNKNOWN NotMeasured',
    ]);
  });

  it('wait for the compile of the newest change, its policies included', () => {
    const policies = [resource({ kind: 'EncryptionPolicy', resourceVersion: '11' })];
    const [compiled, , appliedNow] = namespaceConditions({ ...facts, policies });
    expect(compiled).toMatchObject({ status: 'FALSE', reason: 'Pending' });
    expect(compiled?.observedGeneration).toBeUndefined();
    expect(appliedNow).toMatchObject({ status: 'FALSE', reason: 'Progressing' });
  });

  it('compare versions as numbers, not as texts', () => {
    expect(namespaceConditions({ ...facts, gns: resource({ resourceVersion: '9' }) })[0]?.status).toBe('TRUE');
    expect(namespaceConditions({ ...facts, gns: resource({ resourceVersion: '100' }) })[0]?.status).toBe('FALSE');
  });

  it('are FALSE when one cluster fails and UNKNOWN when one is away', () => {
    const away = target({ session: session({ connected: false }) });
    const failed = target({ policy: applied('policy', { errorCount: 1 }) });
    const of = (targets: TargetModel[]) => namespaceConditions({ ...facts, targets })[2];
    expect(of([target(), away])).toMatchObject({ status: 'UNKNOWN', reason: 'ClustersUnreachable' });
    expect(of([failed, away])).toMatchObject({ status: 'FALSE', reason: 'Failed' });
    expect(of([target(), target({ policy: undefined })])).toMatchObject({ status: 'FALSE', reason: 'Progressing' });
    expect(of([])).toMatchObject({ status: 'UNKNOWN', reason: 'NoTargets' });
  });

  it('are FALSE while removals wait for a person, with the way to let them go; a failure is told first', () => {
    const held: HoldRecord = {
      id: 'h1',
      cluster: '',
      kind: 'DRAIN',
      gns: 'g1',
      setHash: ROOT,
      items: [],
      count: 60,
      since: now,
      approvedBy: undefined,
      approvedAt: undefined,
      version: 1,
    };
    const of = (more: Partial<NamespaceFacts>) => namespaceConditions({ ...facts, ...more })[2];
    expect(of({ holds: [held] })).toMatchObject({ status: 'FALSE', reason: 'RemovalsHeld' });
    expect(of({ holds: [held] })?.message).toContain('60 members');
    expect(of({ holds: [held] })?.message).toContain('isthmus approve --global-namespace shop');
    expect(of({ holds: [{ ...held, approvedAt: now }] })).toMatchObject({ status: 'TRUE' });
    expect(of({ holds: [{ ...held, kind: 'PRUNE', cluster: 'c1' }] })).toMatchObject({ status: 'TRUE' });
    const waits = target({ policy: applied('policy', { detail: { state: 'HELD' } }) });
    expect(of({ targets: [waits] })).toMatchObject({ status: 'FALSE', reason: 'RemovalsHeld' });
    const failed = target({ policy: applied('policy', { errorCount: 1 }) });
    expect(of({ targets: [failed, waits], holds: [held] })).toMatchObject({ status: 'FALSE', reason: 'Failed' });
  });

  it('tell errors of the compile, and leave out what is no issue', () => {
    const error = { code: 'ISM0113', severity: 'ERROR', path: '', message: 'm' };
    const [, valid] = namespaceConditions({ ...facts, head: head({ catalogIssues: [error, { code: 'x' }, null] }) });
    expect(valid).toMatchObject({ status: 'FALSE', message: '1 errors; see issues.' });
  });
});

describe('conditions of a cluster', () => {
  const inventory: InventoryHeadRecord = {
    cluster: 'c1',
    bootId: 'b',
    seq: 1,
    root: ROOT,
    complete: true,
    facts: {},
    observedAt: now,
    version: 1,
  };
  const cluster = resource({ kind: 'Cluster', uid: 'c1' });
  const of = (more: object) =>
    texts(clusterConditions({ cluster, session: session(), inventory, holds: [], targets: [target()], ...more }));

  it('are unknown until its agent was heard', () => {
    expect(of({ session: undefined, inventory: undefined, targets: [] })).toEqual([
      'Connected UNKNOWN NeverConnected',
      'InventoryKnown UNKNOWN NeverReported',
      'Applied UNKNOWN NoTargets',
      'Healthy UNKNOWN NotMeasured',
    ]);
  });

  it('never call an inventory known while deletions of it are held', () => {
    const hold = { kind: 'INTAKE', items: ['a', 'b'], count: 2, approvedAt: undefined };
    expect(of({ holds: [hold] })).toContain('InventoryKnown FALSE DeletionsHeld');
    expect(of({ holds: [{ ...hold, approvedAt: now }] })).toContain('InventoryKnown TRUE Complete');
    expect(of({ holds: [{ ...hold, kind: 'PRUNE' }] })).toContain('InventoryKnown TRUE Complete');
  });

  it('keep no last green once it is away', () => {
    const away = session({ connected: false, lastError: 'refused' });
    expect(of({ session: away, targets: [target({ session: away })] })).toEqual([
      'Connected FALSE AgentDisconnected',
      'InventoryKnown UNKNOWN Stale',
      'Applied UNKNOWN ClustersUnreachable',
      'Healthy UNKNOWN NotMeasured',
    ]);
  });

  it.each([
    [session({ revokedAt: now }), 'Connected FALSE Revoked'],
    [session({ quarantine: 'DuplicateIdentity' }), 'Connected FALSE Quarantined'],
    [session(), 'Connected TRUE AgentConnected'],
  ])('say how its identity stands: %#', (one, text) => {
    expect(of({ session: one })).toContain(text);
  });

  it('name what could not be read, while everything that is wanted is applied', () => {
    const broken = { code: 'ISM0411', severity: 'ERROR', path: '', message: 'a.yaml: no' };
    const facts = { issues: [broken, { ...broken, message: 'b.yaml: no' }, { ...broken, severity: 'WARNING' }] };
    const conditions = clusterConditions({
      ...{ cluster, session: session(), holds: [], targets: [target()] },
      inventory: { ...inventory, complete: false, facts },
    });
    expect(texts(conditions)).toEqual(
      expect.arrayContaining(['InventoryKnown FALSE Degraded', 'Applied TRUE Applied']),
    );
    expect(conditions[1]?.message).toBe(
      'ISM0411: a.yaml: no (and 1 more; see issues). Nothing is deleted until everything can be read.',
    );
    expect(of({ inventory: { ...inventory, facts } })).toContain('InventoryKnown TRUE Complete');
  });

  it('tell a partial inventory from a complete one', () => {
    expect(of({ inventory: { ...inventory, complete: false } })).toContain('InventoryKnown FALSE Partial');
    expect(of({})).toContain('InventoryKnown TRUE Complete');
  });
});
