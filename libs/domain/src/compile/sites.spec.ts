import { describe, expect, it } from 'vitest';
import type { MemberEntry } from '../intent/entries.js';
import { parseResource } from '../resources/parse-resource.js';
import { documentOf } from '../resources/resource.fixture.js';
import type { Policy, WorkloadSite } from '../resources/types.js';
import { compileCatalog } from './catalog.js';
import { CatalogMemo } from './catalog-memo.js';
import { bodies, catalogInput, globalNamespace, inventory, namespace, service } from './compile.fixture.js';
import type { CatalogInput, MemberStateRow } from './catalog-input.js';
import { sitesOf, withSites } from './sites.js';

const LEDGER = 'host/ledger.shop.global';
const MEMBER = `${LEDGER}/member/east/shop/ledger`;
const ledger = {
  name: 'ledger',
  ports: [{ number: 80, protocol: 'HTTP', targetPort: 8080 }],
  labels: { tier: 'data' },
};
const one = { name: 'one', service: 'ledger', address: '192.0.2.1' };

function site(spec: object = {}, name = 'dc-1', project?: string): WorkloadSite {
  const whole = { cluster: 'east', namespace: 'shop', services: [ledger], workloads: [one], ...spec };
  const { resource, issues } = parseResource(documentOf('WorkloadSite', whole, { name, ...(project && { project }) }));
  if (resource?.kind !== 'WorkloadSite') throw new Error(JSON.stringify(issues));
  return resource;
}

const compile = (fields: Partial<CatalogInput>, memo?: CatalogMemo) =>
  compileCatalog(catalogInput({ east: [service('web')], west: [service('web')] }, fields), memo);
const memberOf = (fields: Partial<CatalogInput>, name = MEMBER) => bodies(compile(fields).tree)[name] as MemberEntry;

describe('machines are no member', () => {
  it('of global namespaces of other projects', () => {
    const policies: Policy[] = [site({}, 'dc-1', 'other'), site({}, 'dc-2')];
    const names = (project?: string) =>
      sitesOf(policies, { metadata: { name: 'shop', ...(project && { project }) } }).map(
        ({ metadata }) => metadata.name,
      );
    expect(names('other')).toEqual(['dc-1']);
    expect(names()).toEqual(['dc-2']);
    expect(names('third')).toEqual([]);
  });

  it('in a cluster, namespace or inventory that is not known', () => {
    for (const spec of [{ cluster: 'north' }, { namespace: 'shpo' }])
      expect(memberOf({ sites: [site(spec)] })).toBeUndefined();
    const input = catalogInput({ east: [] }, { sites: [site()], inventories: new Map() });
    expect(bodies(compileCatalog(input).tree)[MEMBER]).toBeUndefined();
  });

  it('in a namespace that cannot be read, or without ports', () => {
    const hidden = inventory(namespace('shop', [], { readable: false }));
    expect(withSites(new Map([['east', hidden]]), [site()]).get('east')).toEqual(hidden);
    expect(memberOf({ sites: [site({ services: [{ name: 'ledger' }] })] })).toBeUndefined();
  });

  it('where membership rules do not select their service', () => {
    const gns = globalNamespace({ members: [{ services: { matchLabels: { tier: 'front' } } }] });
    expect(memberOf({ gns, sites: [site()] })).toBeUndefined();
  });
});

describe('a service that lives on machines alone', () => {
  it('is a member by the rules, with its ports, accounts and labels, and selects by a label of its own', () => {
    const gns = globalNamespace({ members: [{ services: { matchLabels: { tier: 'data' } } }] });
    const spec = {
      network: 'dc',
      locality: 'us/dc',
      services: [{ ...ledger, serviceAccount: 'ledger', readiness: { tcp: { port: 8080 }, period: '2500ms' } }],
      workloads: [
        { ...one, name: 'two', address: '192.0.2.2', serviceAccount: 'other', locality: 'us/dc-2', weight: 2 },
        { ...one, labels: { version: 'v1' }, weight: 1, ports: [{ number: 80, targetPort: 9090 }] },
      ],
    };
    const own = { name: 'isthmus.dev/machine-service', value: 'ledger' };
    const rest = { site: 'dc-1', network: 'dc', readiness: { tcp: { port: 8080 }, periodSeconds: 3 } };
    expect(memberOf({ gns, labelKeys: ['tier'], sites: [site(spec)] })).toEqual({
      kind: 'member',
      host: 'ledger.shop.global',
      cluster: 'east',
      namespace: 'shop',
      service: 'ledger',
      state: 'wanted',
      selector: [own],
      labels: [{ name: 'tier', value: 'data' }],
      serviceAccounts: ['ledger', 'other'],
      versions: ['v1'],
      ports: [{ number: 80, targetPort: 8080 }],
      machines: [
        {
          ...rest,
          name: 'one',
          address: '192.0.2.1',
          serviceAccount: 'ledger',
          locality: 'us/dc',
          labels: [own, { name: 'version', value: 'v1' }],
          ports: [{ number: 80, targetPort: 9090 }],
        },
        {
          ...rest,
          name: 'two',
          address: '192.0.2.2',
          serviceAccount: 'other',
          locality: 'us/dc-2',
          weight: 2,
          labels: [own],
        },
      ],
    });
  });

  it('is drained when it leaves its document, since the machines still run', () => {
    const rows: MemberStateRow[] = [
      { host: 'ledger.shop.global', cluster: 'east', namespace: 'shop', service: 'ledger', state: 'served' },
    ];
    const { tree: previous, newVips: vips } = compile({ sites: [site()], memberStates: rows });
    const after = compile({ sites: [], memberStates: rows, previous, vips });
    expect(after.leavingMembers.map(({ cause }) => cause)).toEqual(['REMOVED']);
    expect((bodies(after.tree)[MEMBER] as MemberEntry).state).toBe('draining');
  });

  it('is gone with its namespace', () => {
    const rows: MemberStateRow[] = [
      { host: 'ledger.shop.global', cluster: 'east', namespace: 'shop', service: 'ledger', state: 'served' },
    ];
    const previous = compile({ sites: [site()], memberStates: rows }).tree;
    const inventories = new Map([['east', inventory(namespace('other', []))]]);
    const after = compile({ sites: [], memberStates: rows, previous, inventories });
    expect(after.leavingMembers.map(({ cause }) => cause)).toEqual(['DELETED']);
  });
});

describe('machines beside pods', () => {
  const sites = [
    site({
      services: [
        { name: 'web', serviceAccount: 'web-vm', ports: [{ number: 80, protocol: 'HTTP', targetPort: 9000 }] },
      ],
      workloads: [{ ...one, service: 'web', labels: { app: 'old', zone: 'z' } }],
    }),
  ];

  it('carry the labels that the Service selects by, whatever they say, and bring their accounts', () => {
    const member = memberOf({ sites }, 'host/web.shop.global/member/east/shop/web');
    expect(member.selector).toEqual([{ name: 'app', value: 'web' }]);
    expect(member.serviceAccounts).toEqual(['web-sa', 'web-vm']);
    expect(member.machines?.map(({ labels, ports }) => ({ labels, ports }))).toEqual([
      {
        labels: [
          { name: 'app', value: 'web' },
          { name: 'isthmus.dev/machine-service', value: 'web' },
          { name: 'zone', value: 'z' },
        ],
        ports: [{ number: 80, targetPort: 9000 }],
      },
    ]);
  });

  it('change no entry of other services and no tree of namespaces without sites', () => {
    const [before, after] = [compile({}).tree, compile({ sites }).tree];
    const changed = [...after.entries].filter(([name, { hash }]) => before.entries.get(name)?.hash !== hash);
    expect(changed.map(([name]) => name)).toEqual(['host/web.shop.global/member/east/shop/web']);
    expect(compile({ sites: [] }).tree.root).toBe(before.root);
  });

  it('come to the same tree whether compiled anew or step by step', () => {
    const memo = new CatalogMemo();
    const input = catalogInput({ east: [service('web')], west: [service('web')] });
    for (const some of [[], sites, [...sites, site({}, 'dc-2')], [site({}, 'dc-2')], []]) {
      const whole = compileCatalog({ ...input, sites: some });
      expect(compileCatalog({ ...input, sites: some }, memo).tree.root).toBe(whole.tree.root);
    }
  });
});

describe('inventories with sites', () => {
  it('are the very same as before while nothing changes, so that catalogs look at nothing again', () => {
    const known = new Map([
      ['east', inventory(namespace('shop', []), namespace('other', []))],
      ['west', inventory(namespace('shop', []))],
    ]);
    const first = withSites(known, [site()]);
    expect(withSites(known, [site()]).get('east')).toBe(first.get('east'));
    expect(first.get('west')).toBe(known.get('west'));
    expect(first.get('east')?.namespaces[1]).toBe(known.get('east')?.namespaces[1]);
    expect(withSites(known, [site({ locality: 'a/b' })]).get('east')).not.toBe(first.get('east'));
    expect(known.get('east')?.namespaces[0]?.services).toEqual([]);
  });

  it('do not depend on the order of sites; the first by project and name says what a service is', () => {
    const known = new Map([['east', inventory(namespace('shop', []))]]);
    const other = site({ services: [{ ...ledger, ports: [{ number: 81, protocol: 'TCP' }] }] }, 'dc-0');
    const ports = (sites: WorkloadSite[]) =>
      withSites(known, sites)
        .get('east')
        ?.namespaces[0]?.services.map((found) => found.ports.map(({ number }) => number));
    expect(ports([site(), other])).toEqual([[81]]);
    expect(ports([other, site()])).toEqual([[81]]);
  });
});
