import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScopeRef } from '@isthmus/store';
import { contains, ORGANIZATION, placeOfScope, placesOf, placesOfChange, type Place, type Placed } from './places.js';
import { isPermission, PERMISSIONS, permissionsFor, type Permission } from './permissions.js';
import { heldUntil, lackingOf, narrowed, permissionsOfRole, rightsOf, type Rights } from './rights.js';
import { BUILT_IN_ROLE_NAMES, BUILT_IN_ROLES, isReservedName, roleOfToken } from './roles.js';

const ORG: ScopeRef = { kind: 'ORGANIZATION', name: '' };
const EU = { name: 'eu', clusters: { matchLabels: { region: 'eu' } } };

const project = fc.constantFrom('payments', 'search');
const gns = fc.constantFrom('shop', 'cart');
const scopes: fc.Arbitrary<ScopeRef> = fc.oneof(
  fc.constant(ORG),
  project.map((name): ScopeRef => ({ kind: 'PROJECT', name })),
  fc.tuple(project, gns).map(([p, g]): ScopeRef => ({ kind: 'GLOBAL_NAMESPACE', name: `${p}/${g}` })),
  fc.constantFrom('eu', 'us', 'gone').map((name): ScopeRef => ({ kind: 'CLUSTER_GROUP', name })),
);
const places: fc.Arbitrary<Place> = fc.oneof(
  scopes.map(placeOfScope),
  fc.record({
    kind: fc.constant('CLUSTER' as const),
    name: fc.constantFrom('east', 'west'),
    labels: fc.constantFrom<Record<string, string>[]>({ region: 'eu' }, { region: 'us' }, {}),
  }),
);
const roles = fc.constantFrom(...BUILT_IN_ROLE_NAMES, 'pager', 'superuser');
const CUSTOM = [{ name: 'pager', permissions: ['holds.approve', 'Cluster.read', 'from.a.newer.release'] }];
const GROUPS = [EU, { name: 'us', clusters: { names: ['west'] } }];
const bindings = fc.array(fc.record({ role: roles, scope: scopes }), { maxLength: 5 });
const pairs = fc.tuple(bindings, bindings);
const rightsFrom = (all: readonly { role: string; scope: ScopeRef }[]): Rights => rightsOf(all, CUSTOM, GROUPS);
const permissions: fc.Arbitrary<Permission> = fc.constantFrom(...PERMISSIONS);

describe('rights', () => {
  it('are none without a grant, of a role that nobody knows, and of the word of a token', () => {
    for (const rights of [
      rightsOf([], []),
      ...['superuser', 'admin', 'owner', ''].map((role) => rightsOf([{ role, scope: ORG }], [])),
    ])
      for (const permission of PERMISSIONS) {
        expect(rights.somewhere(permission)).toBe(false);
        expect(rights.may(permission, ORGANIZATION)).toBe(false);
      }
  });

  it('leave out of a custom role what this release does not know', () => {
    expect([...permissionsOfRole('pager', CUSTOM)]).toEqual(['holds.approve', 'Cluster.read']);
    expect([...permissionsOfRole('constructor', CUSTOM)]).toEqual([]);
  });

  it('cannot be taken over a built-in role by a custom one of its name', () => {
    const faked = [{ name: 'Viewer', permissions: [...PERMISSIONS] }];
    expect(rightsOf([{ role: 'Viewer', scope: ORG }], faked).somewhere('tokens.manage')).toBe(false);
    for (const name of ['Owner', 'owner', 'ADMIN', 'editor', 'viewer']) expect(isReservedName(name)).toBe(true);
    expect(isReservedName('pager')).toBe(false);
  });

  it('hold nowhere for no place at all', () => {
    expect(rightsOf([{ role: 'Owner', scope: ORG }], []).may('viewer.read')).toBe(false);
  });

  it('never become less by one grant more', () => {
    fc.assert(
      fc.property(pairs, permissions, places, ([some, more], permission, place) => {
        if (rightsFrom(some).may(permission, place))
          expect(rightsFrom([...some, ...more]).may(permission, place)).toBe(true);
      }),
    );
  });

  it('on all places are rights on each of them', () => {
    fc.assert(
      fc.property(bindings, permissions, fc.tuple(places, places), (all, permission, [one, other]) => {
        const rights = rightsFrom(all);
        expect(rights.may(permission, one, other)).toBe(rights.may(permission, one) && rights.may(permission, other));
      }),
    );
  });

  it('on the whole organization are rights at every place, and some place is somewhere', () => {
    fc.assert(
      fc.property(bindings, permissions, places, (all, permission, place) => {
        const rights = rightsFrom(all);
        if (rights.everywhere(permission)) expect(rights.may(permission, place)).toBe(true);
        if (rights.may(permission, place)) expect(rights.somewhere(permission)).toBe(true);
        expect(rights.may(permission, ORGANIZATION)).toBe(rights.everywhere(permission));
      }),
    );
  });

  it('narrowed by others are never more than either', () => {
    fc.assert(
      fc.property(pairs, permissions, places, ([mine, limit], permission, place) => {
        if (!narrowed(rightsFrom(mine), rightsFrom(limit)).may(permission, place)) return;
        expect(rightsFrom(mine).may(permission, place)).toBe(true);
        expect(rightsFrom(limit).may(permission, place)).toBe(true);
      }),
    );
  });

  it('narrowed by those of an owner stay what they are', () => {
    fc.assert(
      fc.property(bindings, permissions, places, (mine, permission, place) => {
        const rights = rightsFrom(mine);
        const owner = rightsFrom([{ role: 'Owner', scope: ORG }]);
        expect(narrowed(rights, owner).may(permission, place)).toBe(rights.may(permission, place));
        expect(narrowed(owner, rights).may(permission, place)).toBe(rights.may(permission, place));
      }),
    );
  });
});

describe('granting', () => {
  it('without lack gives nothing that the one who grants may not do', () => {
    fc.assert(
      fc.property(bindings, fc.tuple(roles, scopes), permissions, (mine, [role, scope], permission) => {
        const rights = rightsFrom(mine);
        const wanted = permissionsOfRole(role, CUSTOM);
        if (lackingOf(rights, wanted, scope).length > 0) return;
        const granted = rightsFrom([{ role, scope }]);
        if (granted.may(permission, placeOfScope(scope)))
          expect(rights.may(permission, placeOfScope(scope))).toBe(true);
      }),
    );
  });

  it('of Owner is refused to an Admin, of everything else not', () => {
    const admin = rightsOf([{ role: 'Admin', scope: ORG }], []);
    for (const role of BUILT_IN_ROLE_NAMES) {
      const lacking = lackingOf(admin, BUILT_IN_ROLES[role].permissions, ORG);
      expect(lacking).toEqual(role === 'Owner' ? ['breakGlass.manage'] : []);
    }
  });

  const [soon, late] = [new Date('2027-01-01'), new Date('2028-01-01')];
  const until = (...ends: readonly (Date | undefined)[]): Rights =>
    rightsOf(
      ends.map((expiresAt) => ({ role: 'Viewer', scope: ORG, expiresAt })),
      [],
    );
  const READ: Permission[] = ['viewer.read', 'Cluster.read'];

  it.each<[string, Rights, Date | undefined]>([
    ['the end of the one that gives it', until(soon), soon],
    ['the later end of two', until(soon, late), late],
    ['no end where one has none', until(soon, undefined), undefined],
    ['the earlier end of a token and its owner', narrowed(until(late), until(soon)), soon],
    ['the end of a token, though its owner has none', narrowed(until(soon), until(undefined)), soon],
    ['the beginning of time where nothing gives it', until(), new Date(0)],
  ])('is possible until %s', (_what, rights, end) => {
    expect(heldUntil(rights, READ, ORG)).toEqual(end);
    expect(heldUntil(rights, [], ORG)).toBeUndefined();
  });
});

describe('a scope', () => {
  it('contains what it contains of a scope within it', () => {
    fc.assert(
      fc.property(scopes, scopes, places, (wide, narrow, place) => {
        const withClusters = (scope: ScopeRef) => ({
          ...scope,
          clusters: GROUPS.find(({ name }) => name === scope.name)?.clusters,
        });
        const [a, b] = [withClusters(wide), withClusters(narrow)].map(({ clusters, ...scope }) =>
          clusters ? { ...scope, clusters } : scope,
        );
        if (a === undefined || b === undefined || !contains(a, placeOfScope(b))) return;
        if (contains(b, place)) expect(contains(a, place)).toBe(true);
      }),
    );
  });

  it('of a cluster group holds the clusters that it chooses, and none if it is gone', () => {
    const east: Place = { kind: 'CLUSTER', name: 'east', labels: { region: 'eu' } };
    expect(contains({ kind: 'CLUSTER_GROUP', name: 'eu', clusters: EU.clusters }, east)).toBe(true);
    expect(contains({ kind: 'CLUSTER_GROUP', name: 'eu', clusters: EU.clusters }, { ...east, labels: {} })).toBe(false);
    expect(contains({ kind: 'CLUSTER_GROUP', name: 'eu' }, east)).toBe(false);
  });

  it('of a project is not one of a project whose name begins the same', () => {
    expect(
      contains({ kind: 'PROJECT', name: 'pay' }, { kind: 'GLOBAL_NAMESPACE', project: 'payments', name: 'shop' }),
    ).toBe(false);
    expect(
      contains({ kind: 'GLOBAL_NAMESPACE', name: 'payments/shop' }, { kind: 'PROJECT', project: 'payments' }),
    ).toBe(false);
  });
});

describe('a place', () => {
  const policy = (kind: Placed['kind'], targets: object[] | undefined, at = 'payments'): Placed => ({
    kind,
    project: at,
    name: 'p',
    labels: {},
    spec: targets === undefined ? {} : { targets },
  });
  const shop = { kind: 'GLOBAL_NAMESPACE', project: 'payments', name: 'shop' };
  const payments = { kind: 'PROJECT', project: 'payments' };

  it('of a policy is its project, unless it is about named global namespaces only', () => {
    expect(placesOf(policy('TrafficPolicy', undefined))).toEqual([payments]);
    expect(placesOf(policy('TrafficPolicy', []))).toEqual([payments]);
    expect(placesOf(policy('TrafficPolicy', [{ globalNamespace: 'shop' }, { scope: 'PROJECT' }]))).toEqual([payments]);
    expect(
      placesOf(policy('TrafficPolicy', [{ globalNamespace: 'shop' }, { globalNamespace: 'shop', service: 'x' }])),
    ).toEqual([shop]);
    expect(placesOf(policy('SloPolicy', [{ globalNamespace: 'shop' }, { globalNamespace: 'cart' }]))).toHaveLength(2);
  });

  it('of a change for the whole organization is the organization, wherever it is kept', () => {
    expect(placesOfChange(policy('AccessPolicy', [{ scope: 'ORGANIZATION' }], 'default'))).toEqual([ORGANIZATION]);
    expect(placesOfChange(policy('UserGroup', undefined, 'default'))).toEqual([ORGANIZATION]);
    expect(placesOfChange(policy('UserGroup', undefined))).toEqual([payments]);
    expect(placesOfChange(policy('ClusterGroup', undefined, ''))).toEqual([ORGANIZATION]);
    expect(placesOfChange(policy('AccessPolicy', [{ scope: 'PROJECT' }]))).toEqual([payments]);
  });
});

describe('the table', () => {
  it('gives every permission to the Owner and every role more than nothing', () => {
    expect([...BUILT_IN_ROLES.Owner.permissions].sort()).toEqual([...PERMISSIONS].sort());
    for (const name of BUILT_IN_ROLE_NAMES) expect(BUILT_IN_ROLES[name].permissions.size).toBeGreaterThan(0);
  });

  it('lets Viewer and Auditor change nothing', () => {
    for (const name of ['Viewer', 'Auditor'] as const)
      expect([...BUILT_IN_ROLES[name].permissions].filter((one) => !one.endsWith('.read'))).toEqual([]);
  });

  it('lets a Developer touch neither security nor clusters nor people', () => {
    const may = BUILT_IN_ROLES.Developer.permissions;
    for (const denied of [
      'AccessPolicy.write',
      'EncryptionPolicy.delete',
      'Cluster.write',
      'agents.write',
      'roles.manage',
      'audit.read',
    ])
      expect(isPermission(denied) && may.has(denied)).toBe(false);
  });

  it('keeps what tokens of the first releases may do', () => {
    expect(['viewer', 'editor', 'admin'].map(roleOfToken)).toEqual(['Viewer', 'Editor', 'Owner']);
    expect(roleOfToken('pager')).toBe('pager');
  });

  it('asks for one of the kinds where it names none', () => {
    expect(permissionsFor('resources.read')).toContain('Cluster.read');
    expect(permissionsFor('resources.read').every((one) => one.endsWith('.read'))).toBe(true);
    expect(permissionsFor('audit.read')).toEqual(['audit.read']);
  });
});
