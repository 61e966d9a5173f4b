import { describe, expect, it } from 'vitest';
import { GROUP_VERSION } from '../../api-group.js';
import { joinView } from '../../intent/join-view.js';
import type { ServiceGroupSpec } from '../../resources/policies/service-group.js';
import type { Policy, ServiceGroup } from '../../resources/types.js';
import { EMPTY_TREE } from '../../tree/build.js';
import { compileCatalog } from '../catalog.js';
import { catalogInput, cluster, globalNamespace, service } from '../compile.fixture.js';
import { compilePolicy } from '../policy.js';
import { groupLabelKeys } from './groups.js';

const gns = globalNamespace();
const fleet = { clusters: [cluster('east', {}, { zone: 'us' }), cluster('west', {}, { zone: 'eu' })] };
const group = (name: string, members: ServiceGroupSpec['members'], project?: string): ServiceGroup => ({
  apiVersion: GROUP_VERSION,
  kind: 'ServiceGroup',
  metadata: { name, ...(project && { project }) },
  spec: { members },
});
const web = service('web', { labels: { tier: 'front', team: 'a' } });
const inventories = { east: [web, service('db', { labels: { tier: 'data' } })], west: [web] };

function compile(policies: Policy[]) {
  const policy = compilePolicy({ ...fleet, gns, policies, compilerVersion: 1 }).tree ?? EMPTY_TREE;
  const labelKeys = groupLabelKeys(policies, gns);
  const catalog = compileCatalog({ ...catalogInput(inventories, fleet), labelKeys }).tree;
  return { policy, catalog };
}

/** The groups of each host after joining. */
function hostGroups(policies: Policy[]) {
  const { policy, catalog } = compile(policies);
  const hosts = joinView(policy, catalog).view?.hosts ?? [];
  return Object.fromEntries(hosts.map(({ host, groups }) => [host.service, groups]));
}

describe('a service group', () => {
  it('has nobody if its clusters are none, or if it is one of another project', () => {
    const nowhere = group('nowhere', [{ clusters: { names: ['north'] } }]);
    const foreign = group('foreign', [{ services: { names: ['web'] } }], 'other');
    expect(hostGroups([nowhere, foreign])).toEqual({ db: undefined, web: undefined });
  });

  it('adds nothing to the trees of a project without groups', () => {
    const [before, after] = [
      compile([]),
      compile([group('foreign', [{ services: { matchLabels: { a: 'b' } } }], 'other')]),
    ];
    expect(after.policy.root).toBe(before.policy.root);
    expect(after.catalog.root).toBe(before.catalog.root);
  });

  it('ANDs the selectors of a rule and ORs rules', () => {
    const front = { services: { matchLabels: { tier: 'front' } } };
    expect(hostGroups([group('g', [front])])).toEqual({ db: undefined, web: ['g'] });
    expect(hostGroups([group('g', [{ ...front, namespaces: { names: ['side'] } }])])).toEqual({});
    expect(hostGroups([group('g', [front, { services: { globs: ['d?'] } }])])).toEqual({ db: ['g'], web: ['g'] });
    const notFront: ServiceGroupSpec['members'] = [
      { services: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] } },
    ];
    expect(hostGroups([group('g', notFront)])).toEqual({ db: ['g'], web: undefined });
  });

  it('takes clusters by label, and a host for one of its members', () => {
    const eu = group('eu', [{ clusters: { matchLabels: { zone: 'eu' } } }]);
    expect(hostGroups([eu])).toEqual({ db: undefined, web: ['eu'] });
  });

  it('makes members carry the labels that it looks at, and no others', () => {
    const { catalog } = compile([group('g', [{ services: { matchLabels: { tier: 'front' } } }])]);
    const body = catalog.entries.get('host/web.shop.global/member/east/shop/web')?.body ?? '{}';
    expect((JSON.parse(body) as { labels?: unknown }).labels).toEqual([{ name: 'tier', value: 'front' }]);
  });

  it('is the same entry in whatever order its rules and clusters are written', () => {
    const rules: ServiceGroupSpec['members'] = [{ services: { names: ['b', 'a'] } }, { clusters: { globs: ['*'] } }];
    const turned = [...rules].reverse();
    const one = compilePolicy({ ...fleet, gns, policies: [group('g', rules)], compilerVersion: 1 });
    const two = compilePolicy({
      clusters: [...fleet.clusters].reverse(),
      gns,
      policies: [group('g', turned)],
      compilerVersion: 1,
    });
    expect(one.tree?.root).toBe(two.tree?.root);
  });
});
