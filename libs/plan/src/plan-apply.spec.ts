import fc from 'fast-check';
import { LABELS, MANAGED_BY, objectKey, type KubeObject } from '@isthmus/domain';
import { contentHash, type RenderedObject, type Side } from '@isthmus/meshes';
import { describe, expect, it } from 'vitest';
import { diffObjects } from './diff-objects.js';
import { isLabelled, observedOurs, ownedFrom, type ObservedObject, type OwnedObject } from './ownership.js';
import { planApply, withHeld, type PlanInput, type PlanStep } from './plan-apply.js';

function object(name: string, value = 1): KubeObject {
  const metadata = { name, namespace: 'ns', labels: { [LABELS.managedBy]: MANAGED_BY } };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, spec: { value } };
}

function rendered(
  name: string,
  { side = 'owner', order = 0, value = 1, host }: { side?: Side; order?: number; value?: number; host?: string } = {},
): RenderedObject {
  return { side, order, ...(host === undefined ? {} : { host }), object: object(name, value) };
}

const ours = (item: RenderedObject, uid?: string): ObservedObject => ({
  state: 'ours',
  hash: contentHash(item.object),
  isEdited: false,
  ...(uid === undefined ? {} : { uid }),
});
const key = (item: RenderedObject): string => objectKey(item.object);

function plan(input: Partial<PlanInput>): PlanStep[] {
  return planApply({ mode: 'sync', desired: [], recorded: [], observed: new Map(), ...input }).steps;
}

const outline = (steps: readonly PlanStep[]): string[] =>
  steps.map((step) => `${step.action} ${step.key.split('/').at(-1) ?? ''}`);

describe('a plan never touches', () => {
  const a = rendered('a');

  it('an object of the same name that is not ours', () => {
    const steps = plan({ desired: [a], observed: new Map([[key(a), { state: 'foreign' }]]) });
    expect(steps).toMatchObject([{ action: 'conflict', issue: { code: 'ISM0430', path: key(a) } }]);
    const recorded = plan({ recorded: [ownedFrom(a)], observed: new Map([[key(a), { state: 'foreign' }]]) });
    expect(recorded).toMatchObject([{ action: 'conflict' }]);
  });

  it('an object with our label that the record does not name', () => {
    const changed = rendered('a', { value: 2 });
    expect(plan({ desired: [a], observed: new Map([[key(a), ours(changed)]]) })).toMatchObject([
      { action: 'conflict' },
    ]);
    expect(plan({ observed: new Map([[key(a), ours(a)]]) })).toEqual([]);
  });

  it('an object that could not be read, wanted or not', () => {
    expect(plan({ desired: [a] })).toMatchObject([{ action: 'keep', reason: 'UNKNOWN' }]);
    expect(plan({ recorded: [ownedFrom(a)] })).toMatchObject([{ action: 'keep', reason: 'UNKNOWN' }]);
  });

  it('an object that somebody made anew under the recorded name', () => {
    const recorded = [{ ...ownedFrom(a), uid: 'one' }];
    expect(plan({ recorded, observed: new Map([[key(a), ours(a, 'two')]]) })).toMatchObject([{ action: 'conflict' }]);
    expect(plan({ recorded, observed: new Map([[key(a), ours(a, 'one')]]) })).toMatchObject([{ action: 'delete' }]);
  });

  it('objects of hosts that this version cannot read', () => {
    const item = rendered('a', { host: 'h.x.global' });
    const input = { recorded: [ownedFrom(item)], observed: new Map([[key(item), ours(item)]]) };
    expect(plan({ ...input, keepHosts: new Set(['h.x.global']) })).toMatchObject([
      { action: 'keep', reason: 'HOST_KEPT' },
    ]);
    expect(plan({ ...input, keepHosts: new Set(['i.x.global']) })).toMatchObject([{ action: 'delete' }]);
  });

  it('the second of two objects that are rendered under one name', () => {
    const steps = plan({
      desired: [a, rendered('a', { value: 2 })],
      observed: new Map([[key(a), { state: 'absent' }]]),
    });
    expect(outline(steps)).toEqual(['create a', 'conflict a']);
  });
});

describe('a plan', () => {
  it('removes nothing in upsert-only mode and nothing that is held', () => {
    const a = rendered('a');
    const input: PlanInput = {
      mode: 'upsert-only',
      desired: [],
      recorded: [ownedFrom(a)],
      observed: new Map([[key(a), ours(a)]]),
    };
    expect(planApply(input).steps).toMatchObject([{ action: 'keep', reason: 'UPSERT_ONLY' }]);
    const full = planApply({ ...input, mode: 'sync' });
    expect(withHeld(full, new Set([key(a)])).steps).toMatchObject([{ action: 'keep', reason: 'HELD' }]);
    expect(withHeld(full, new Set(['other'])).steps).toMatchObject([{ action: 'delete' }]);
  });

  it('updates what is ours and differs, and leaves alone what is equal', () => {
    const a = rendered('a');
    const observed = new Map([[key(a), ours(rendered('a', { value: 2 }), 'u')]]);
    const [step] = plan({ desired: [a], recorded: [{ ...ownedFrom(a), uid: 'u' }], observed });
    expect(step).toMatchObject({ action: 'update', owned: { uid: 'u', hash: contentHash(a.object) } });
    expect(plan({ desired: [a], observed: new Map([[key(a), ours(a)]]) })).toMatchObject([
      { action: 'keep', reason: 'EQUAL' },
    ]);
  });

  it('forgets a recorded object that is gone by deleting it again', () => {
    const a = rendered('a');
    expect(plan({ recorded: [ownedFrom(a)], observed: new Map([[key(a), { state: 'absent' }]]) })).toMatchObject([
      { action: 'delete' },
    ]);
  });

  it('writes owner before client and removes in reverse, after all writes', () => {
    const items = [
      rendered('c2', { side: 'client', order: 1 }),
      rendered('o2', { order: 1 }),
      rendered('c1', { side: 'client' }),
      rendered('o1'),
    ];
    const absent = new Map(items.map((item): [string, ObservedObject] => [key(item), { state: 'absent' }]));
    expect(outline(plan({ desired: items, observed: absent }))).toEqual([
      'create o1',
      'create o2',
      'create c1',
      'create c2',
    ]);
    const there = new Map(items.map((item): [string, ObservedObject] => [key(item), ours(item)]));
    const added = rendered('new', { side: 'client', order: 9 });
    const steps = plan({
      desired: [added],
      recorded: items.map(ownedFrom),
      observed: there.set(key(added), { state: 'absent' }),
    });
    expect(outline(steps)).toEqual(['create new', 'delete c2', 'delete c1', 'delete o2', 'delete o1']);
  });

  it('knows our label and nothing else as a sign of ours', () => {
    expect(isLabelled(object('a'))).toBe(true);
    expect(isLabelled({ ...object('a'), metadata: { name: 'a' } })).toBe(false);
    expect(isLabelled({ ...object('a'), metadata: { name: 'a', labels: { [LABELS.managedBy]: 'helm' } } })).toBe(false);
  });

  it('carried out on a cluster of our own leaves nothing to do, and never deletes a name that is wanted', () => {
    const item = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      value: fc.nat(2),
      side: fc.constantFrom<Side>('owner', 'client'),
      order: fc.nat(2),
    });
    const items = fc.uniqueArray(item, { selector: ({ name }) => name });
    fc.assert(
      fc.property(items, items, items, (before, stray, after) => {
        const cluster = new Map<string, KubeObject>();
        const record = new Map<string, OwnedObject>();
        const state = (name: string): ObservedObject => {
          const found = cluster.get(name);
          if (found === undefined) return { state: 'absent' };
          return isLabelled(found) ? observedOurs(found) : { state: 'foreign' };
        };
        const round = (wanted: typeof before): PlanStep[] => {
          const desired = wanted.map(({ name, ...rest }) => rendered(name, rest));
          const names = [...desired.map(key), ...record.keys()];
          const steps = plan({
            desired,
            recorded: [...record.values()],
            observed: new Map(names.map((name) => [name, state(name)])),
          });
          for (const step of steps) carryOut(step);
          return steps;
        };
        const carryOut = (step: PlanStep): void => {
          if (step.action === 'create' || step.action === 'update') {
            record.set(step.key, step.owned);
            cluster.set(step.key, step.object);
          } else if (step.action === 'delete') {
            expect(after.some(({ name }) => step.key.endsWith(`/${name}`))).toBe(false);
            cluster.delete(step.key);
            record.delete(step.key);
          }
        };
        const users = stray.map(({ name, value }) => ({ ...object(name, value), metadata: { name, namespace: 'ns' } }));
        for (const user of users) cluster.set(objectKey(user), user);
        round(before.filter(({ name }) => after.some((other) => other.name === name)));
        round(after);
        expect(round(after).every((step) => step.action === 'keep' || step.action === 'conflict')).toBe(true);
        for (const user of users) expect(cluster.get(objectKey(user))).toBe(user);
      }),
    );
  });
});

describe('the difference of two sets of objects', () => {
  it('lists what was added, changed and removed, sorted, and nothing that is equal', () => {
    const before = [object('z'), object('b'), object('c', 1)];
    const same: KubeObject = {
      spec: { value: 1 },
      metadata: { labels: { [LABELS.managedBy]: MANAGED_BY }, namespace: 'ns', name: 'b' },
      kind: 'ConfigMap',
      apiVersion: 'v1',
    };
    const diff = diffObjects(before, [object('y'), object('a'), same, object('c', 2)]);
    expect(diff.added.map(({ metadata }) => metadata.name)).toEqual(['a', 'y']);
    expect(diff.changed).toEqual([{ before: object('c', 1), after: object('c', 2) }]);
    expect(diff.removed.map(({ metadata }) => metadata.name)).toEqual(['z']);
  });
});
