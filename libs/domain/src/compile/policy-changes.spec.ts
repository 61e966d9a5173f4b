import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTree } from '../tree/build.js';
import { entry } from '../tree/entry.js';
import type { Canonical, Tree, TreeEntry } from '../tree/types.js';
import { decidedLosses, policyLosses, type ResourceChange } from './policy-changes.js';

const gns = { project: 'p', name: 'shop' };
const GNS = entry('gns', { kind: 'gns', project: 'p', name: 'shop', domain: 'shop.global', memberClusters: ['east'] });
const block = (place: string, name: string, feature: { kind: string } & Record<string, Canonical>): TreeEntry => {
  const kind = feature.kind === 'access' ? 'AccessPolicy' : 'TrafficPolicy';
  return entry(`${place}/block/${feature.kind}/service/p/${kind}/${name}`, {
    kind: 'block',
    scope: 'SERVICE',
    policy: { kind, project: 'p', name },
    feature,
  });
};
const access = (place: string, name: string, more: Record<string, Canonical> = {}): TreeEntry =>
  block(place, name, { kind: 'access', ...more });
const changed = (kind: string, name: string, more: Partial<ResourceChange> = {}): ResourceChange => ({
  ...{ kind, project: 'p', name, actor: 'token:ada' },
  ...more,
});
const tree = (...entries: TreeEntry[]): Tree => buildTree([GNS, ...entries]);
const decided = (before: Tree, after: Tree, changes: readonly ResourceChange[]): string[] =>
  decidedLosses(policyLosses({ before, after, gns }), changes).map(({ host, by }) => `${host ?? '*'} ${by}`);
const [A, B] = ['host/a.shop.global', 'host/b.shop.global'];

describe('changes of policies that may take objects away', () => {
  it('are nobody’s decision if none of the resources behind the entry changed', () => {
    const [before, after] = [tree(access(A, 'x')), tree()];
    expect(policyLosses({ before, after, gns })).toHaveLength(1);
    expect(decided(before, after, [])).toEqual([]);
    const others = [
      changed('AccessPolicy', 'y'),
      changed('AccessPolicy', 'x', { project: 'q' }),
      changed('TrafficPolicy', 'x'),
    ];
    expect(decided(before, after, [...others, changed('Cluster', 'east', { project: '' })])).toEqual([]);
  });

  it('are decided by who changed the policy, or the global namespace, last', () => {
    const [before, after] = [tree(access(A, 'x')), tree()];
    const changes = [changed('AccessPolicy', 'x'), changed('AccessPolicy', 'x', { actor: 'token:bob' })];
    expect(decided(before, after, changes)).toEqual(['a.shop.global token:bob']);
    expect(decided(before, after, [changed('GlobalNamespace', 'shop')])).toEqual(['a.shop.global token:ada']);
    expect(decided(before, after, [changed('GlobalNamespace', 'other')])).toEqual([]);
  });

  it('leave a host undecided of which something vanished that nobody changed, and other hosts not', () => {
    const before = tree(access(A, 'x'), access(A, 'lost'), access(B, 'x'));
    expect(decided(before, tree(), [changed('AccessPolicy', 'x')])).toEqual(['b.shop.global token:ada']);
  });

  it('of the whole global namespace are decided only if all of them are', () => {
    const before = tree(access('gns', 'wide'), access(A, 'x'));
    expect(decided(before, tree(), [changed('AccessPolicy', 'wide')])).toEqual([]);
    const both = [changed('AccessPolicy', 'wide'), changed('AccessPolicy', 'x', { actor: 'token:bob' })];
    expect(decided(before, tree(), both)).toEqual(['* token:ada']);
    expect(decided(before, tree(access(A, 'x')), [changed('AccessPolicy', 'wide')])).toEqual(['* token:ada']);
  });

  it('are looked for in what is said anew too, if it may outdo another policy', () => {
    const after = tree(access('gns', 'wide'), access(A, 'x'));
    expect(decided(tree(access('gns', 'wide')), after, [changed('AccessPolicy', 'x')])).toEqual([
      'a.shop.global token:ada',
    ]);
    expect(policyLosses({ before: tree(), after, gns })).toEqual([]);
  });

  it('are none where only numbers differ, objectives change, or something is only added', () => {
    const retries = (attempts: number) => tree(block(A, 't', { kind: 'retries', attempts, on: ['5xx'] }));
    const losses = (before: Tree, after: Tree): number => policyLosses({ before, after, gns }).length;
    expect([losses(retries(2), retries(3)), losses(retries(2), retries(0)), losses(retries(0), retries(2))]).toEqual([
      0, 1, 0,
    ]);
    const slo = (...objectives: number[]) =>
      tree(...objectives.map((objectivePpm) => entry('gns/slo/p/s', { kind: 'slo', name: 's', objectivePpm })));
    expect([losses(slo(1), slo(2)), losses(slo(1), slo())]).toEqual([0, 0]);
    const group = entry('gns/group/web', { kind: 'group', name: 'web' });
    expect([losses(buildTree([]), tree(group)), losses(tree(), tree(group))]).toEqual([0, 1]);
    expect(losses(tree(), tree(entry('gns/encryption', { kind: 'encryption', mode: 'STRICT' })))).toBe(0);
    expect(losses(tree(access(A, 'x')), tree(access(A, 'x', { more: 'words' })))).toBe(0);
    expect(losses(tree(access(A, 'x', { more: 'words' })), tree(access(A, 'x', { more: 'others' })))).toBe(1);
  });

  it.each([
    ['gns', { kind: 'gns', memberClusters: [] }, changed('Cluster', 'west', { project: '' })],
    ['gns/encryption', undefined, changed('EncryptionPolicy', 'e')],
    ['gns/group/web', { kind: 'group', name: 'web' }, changed('ServiceGroup', 'web')],
    [
      'gns/user-group/p/staff',
      { kind: 'userGroup', project: 'p', name: 'staff', rules: [] },
      changed('UserGroup', 'staff'),
    ],
    ['gns/external/p/stripe', undefined, changed('ExternalService', 'other')],
    ['gns/public/p/www', undefined, changed('PublicService', 'www')],
    ['gns/public/p/www', undefined, changed('ClusterGroup', 'eu', { project: '' })],
  ])('know what feeds %s', (name, next: Record<string, Canonical> | undefined, cause) => {
    const old = entry(name, { kind: 'any', name: name.split('/').at(-1) ?? '', project: 'p', gone: 'away' });
    const rest = name === 'gns' ? [] : [GNS];
    const before = buildTree([...rest, old]);
    const after = buildTree([...rest, ...(next === undefined ? [] : [entry(name, next)])]);
    expect(decided(before, after, [cause])).toEqual(['* token:ada']);
    expect(decided(before, after, [changed('AccessPolicy', 'unrelated')])).toEqual([]);
  });

  it('never count a host as decided of which an entry vanished without a change of its policy', () => {
    const names = fc.uniqueArray(fc.constantFrom('u', 'v', 'w', 'x'), { minLength: 1 });
    const places = fc.array(
      fc.record({ place: fc.constantFrom(A, B, 'gns'), name: fc.constantFrom('u', 'v', 'w', 'x') }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(places, names, (all, touched) => {
        const before = tree(...new Map(all.map(({ place, name }) => [place + name, access(place, name)])).values());
        const found = decided(
          before,
          tree(),
          touched.map((name) => changed('AccessPolicy', name)),
        );
        const isUntouched = ({ name }: (typeof all)[number]): boolean => !touched.includes(name);
        const isWide = all.some(({ place }) => place === 'gns');
        const lost = new Set(all.filter(isUntouched).map(({ place }) => place));
        if (isWide) return found.length === (lost.size === 0 ? 1 : 0);
        return found.length === new Set(all.map(({ place }) => place).filter((place) => !lost.has(place))).size;
      }),
    );
  });
});
