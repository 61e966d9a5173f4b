import { describe, expect, it } from 'vitest';
import type { InventoryService } from '../inventory/types.js';
import { compileCatalog } from './catalog.js';
import { CatalogMemo } from './catalog-memo.js';
import type { CatalogInput } from './catalog-input.js';
import {
  bodies,
  catalogInput,
  cluster,
  globalNamespace,
  inventory,
  namespace,
  service,
  servicePort,
} from './compile.fixture.js';
import { memberKey } from './member-key.js';

const compile = (input: CatalogInput): { tree: Record<string, unknown>; codes: string[] } => {
  const { tree, issues } = compileCatalog(input);
  return { tree: bodies(tree), codes: issues.map(({ code }) => code) };
};
const one = (fields: Partial<InventoryService>): CatalogInput => catalogInput({ east: [service('cart', fields)] });
const CART = 'host/cart.shop.global';
const member = (where: string, name = 'cart'): string => `host/${name}.shop.global/member/${where}/${name}`;

/** The next input after a compile: what was new is recorded. */
function recorded(input: CatalogInput, state: 'wanted' | 'served' = 'served'): CatalogInput {
  const { tree, newVips, newPortContracts, refixedHosts, desiredMembers } = compileCatalog(input);
  const kept = input.portContracts.filter((row) => !refixedHosts.includes(row.host));
  return {
    ...input,
    previous: tree,
    vips: [...input.vips, ...newVips],
    portContracts: [...kept, ...newPortContracts],
    memberStates: desiredMembers.map((key) => ({ ...memberKey(key), state })),
  };
}

describe('a service is left out, with its reason,', () => {
  const cases: [string, Partial<InventoryService>, string[]][] = [
    ['without a selector', { selector: {} }, ['ISM0121']],
    ['as an ExternalName', { type: 'ExternalName', selector: {} }, ['ISM0122']],
    ['with an IPv6 family', { ipFamilies: ['IPv4', 'IPv6'] }, ['ISM0124']],
    ['with UDP ports only', { ports: [servicePort(53, { protocol: 'UDP' })] }, ['ISM0123', 'ISM0131']],
    ['without ports', { ports: [] }, ['ISM0131']],
    [
      'with an unknown named target port only',
      { ports: [servicePort(80, { targetPort: 'nope' })] },
      ['ISM0131', 'ISM0216'],
    ],
    ['with a name that makes no DNS name', { name: 'UPPER' }, ['ISM0222']],
  ];
  for (const [title, fields, codes] of cases) {
    it(title, () => {
      const result = compile(one(fields));
      expect(result.codes.sort()).toEqual(codes);
      expect(Object.keys(result.tree)).toEqual(['cluster/east']);
    });
  }

  it('by rules: other namespaces, excluded services', () => {
    const gns = globalNamespace({ exclude: [{ services: { names: ['cart'] } }] });
    expect(Object.keys(compile(catalogInput({ east: [service('cart')] }, { gns })).tree)).toEqual(['cluster/east']);
  });
});

describe('a member', () => {
  it('has its host, ports, selector and accounts in entries of their own', () => {
    const { tree, codes } = compile(
      one({ selector: { tier: 'web', app: 'cart' }, ports: [servicePort(81), servicePort(80, { targetPort: 'web' })] }),
    );
    expect(codes).toEqual([]);
    expect(tree[CART]).toEqual({
      kind: 'host',
      host: 'cart.shop.global',
      service: 'cart',
      vip: expect.stringMatching(/^240\.(6[4-9]|7\d)\./) as unknown,
      ports: [
        { number: 80, name: 'http-80', protocol: 'HTTP' },
        { number: 81, name: 'http-81', protocol: 'HTTP' },
      ],
    });
    expect(tree[member('east/shop')]).toEqual({
      kind: 'member',
      host: 'cart.shop.global',
      cluster: 'east',
      namespace: 'shop',
      service: 'cart',
      state: 'wanted',
      selector: [
        { name: 'app', value: 'cart' },
        { name: 'tier', value: 'web' },
      ],
      serviceAccounts: ['cart-sa'],
      ports: [
        { number: 80, targetPort: 8080 },
        { number: 81, targetPort: 81 },
      ],
    });
  });

  it('says what is left out of it or assumed', () => {
    const ports = [
      servicePort(80),
      servicePort(80, { name: 'b' }),
      servicePort(53, { protocol: 'UDP' }),
      servicePort(9000, { name: 'data' }),
      servicePort(1, { targetPort: 'nope' }),
    ];
    const { tree, codes } = compile(one({ ports, headless: true }));
    expect(codes.sort()).toEqual(
      ['ISM0123', 'ISM0216', 'ISM0220', 'ISM0220', 'ISM0223', 'ISM0225'].filter(
        (code, i, all) => code !== 'ISM0220' || all.indexOf(code) === i,
      ),
    );
    expect(tree[CART]).toMatchObject({ ports: [{ name: 'http-80' }, { name: 'tcp-9000', protocol: 'TCP' }] });
    expect(tree[member('east/shop')]).toMatchObject({ headless: true });
  });

  it('whose workloads give a named port different numbers has no such port', () => {
    const cart = service('cart', { ports: [servicePort(80, { targetPort: 'web' }), servicePort(81)] });
    const base = namespace('shop', [cart]);
    const other = {
      kind: 'Deployment',
      name: 'v2',
      labels: { app: 'cart' },
      serviceAccount: 'b',
      ports: [{ name: 'web', number: 9090, protocol: 'TCP' }],
    };
    const input = catalogInput({ east: [cart] });
    const inventories = new Map([['east', inventory({ ...base, workloads: [...base.workloads, other] })]]);
    const { tree, codes } = compile({ ...input, inventories });
    expect(codes).toEqual(['ISM0215']);
    expect(tree[member('east/shop')]).toMatchObject({ ports: [{ number: 81 }], serviceAccounts: ['b', 'cart-sa'] });
  });

  it('without a workload is kept, with a warning and without identities', () => {
    const input = catalogInput({ east: [service('cart')] });
    const inventories = new Map([['east', inventory(namespace('shop', [service('cart')], { workloads: [] }))]]);
    const { tree, codes } = compile({ ...input, inventories });
    expect(codes).toEqual(['ISM0221']);
    expect(tree[member('east/shop')]).not.toHaveProperty('serviceAccounts');
  });

  it('of the same name in two clusters stands behind one host', () => {
    const { tree } = compile(catalogInput({ east: [service('cart')], west: [service('cart')] }));
    expect(Object.keys(tree)).toEqual(['cluster/east', 'cluster/west', CART, member('east/shop'), member('west/shop')]);
  });
});

describe('two services of one cluster under one host', () => {
  const gns = globalNamespace({ members: [{}] });
  const both = new Map([['east', inventory(namespace('a', [service('cart')]), namespace('b', [service('cart')]))]]);
  const base = catalogInput({ east: [] }, { gns, inventories: both });

  it('are both left out if none is recorded', () => {
    const { tree, codes } = compile(base);
    expect(codes).toEqual(['ISM0113', 'ISM0113']);
    expect(tree).not.toHaveProperty([CART]);
  });

  it('leave the recorded one in place', () => {
    const first = recorded({ ...base, inventories: new Map([['east', inventory(namespace('b', [service('cart')]))]]) });
    const { tree, codes } = compile({ ...first, inventories: both });
    expect(codes).toEqual(['ISM0113']);
    expect(Object.keys(tree)).toEqual(['cluster/east', CART, `${CART}/member/east/b/cart`]);
  });

  it('take their turn: the new one waits until the old one has drained, and comes at once if the old one was deleted', () => {
    const first = recorded({ ...base, inventories: new Map([['east', inventory(namespace('b', [service('cart')]))]]) });
    const moved = {
      ...first,
      gns: globalNamespace({ members: [{ namespaces: { names: ['a'] } }] }),
      inventories: both,
    };
    const waiting = compileCatalog(moved);
    expect(waiting.desiredMembers).toEqual([]);
    expect(waiting.leavingMembers).toMatchObject([{ namespace: 'b', cause: 'REMOVED' }]);
    expect(waiting.issues.map(({ code }) => code)).toEqual(['ISM0113']);
    const deleted = compileCatalog({
      ...moved,
      inventories: new Map([['east', inventory(namespace('a', [service('cart')]), namespace('b', []))]]),
    });
    expect(deleted.desiredMembers).toMatchObject([{ namespace: 'a' }]);
    expect(deleted.leavingMembers).toMatchObject([{ namespace: 'b', cause: 'DELETED' }]);
  });

  it('have hosts of their own with a template that names the namespace', () => {
    const { tree, codes } = compile({
      ...base,
      gns: globalNamespace({ members: [{}], hostTemplate: '{service}.{namespace}.{domain}' }),
    });
    expect(codes).toEqual([]);
    expect(Object.keys(tree)).toContain('host/cart.a.shop.global');
    expect(Object.keys(tree)).toContain('host/cart.b.shop.global');
  });
});

describe('a claimed service', () => {
  const claims = new Map([['east/shop/cart', 'default/other']]);

  it('is left out while it belongs to another global namespace', () => {
    const { tree, codes } = compile(catalogInput({ east: [service('cart')] }, { claims }));
    expect(codes).toEqual(['ISM0114']);
    expect(tree).not.toHaveProperty([CART]);
  });

  it.each([
    ['ISM0261', 'DRAINING', 'service shop/cart moves here once global namespace default/other has drained it'],
    [
      'ISM0262',
      'HELD',
      'service shop/cart moves here once its removal from global namespace default/other is approved',
    ],
  ] as const)('says %s, and no error, while it is on its way here (%s)', (code, how, message) => {
    const leavingClaims = new Map([['east/shop/cart', how]]);
    const { tree, issues } = compileCatalog(catalogInput({ east: [service('cart')] }, { claims, leavingClaims }));
    expect(issues).toMatchObject([{ code, message, cluster: 'east' }]);
    expect(issues[0]?.severity).not.toBe('ERROR');
    expect(tree.entries.has(CART)).toBe(false);
  });

  it('is looked at again when it begins to leave its home', () => {
    const memo = new CatalogMemo();
    const input = { ...catalogInput({ east: [service('cart')] }), claims };
    expect(compileCatalog(input, memo).issues.map(({ code }) => code)).toEqual(['ISM0114']);
    const leavingClaims = new Map([['east/shop/cart', 'DRAINING' as const]]);
    expect(compileCatalog({ ...input, leavingClaims }, memo).issues.map(({ code }) => code)).toEqual(['ISM0261']);
  });

  it('stays where it was recorded first', () => {
    const input = recorded(catalogInput({ east: [service('cart')] }));
    expect(compile({ ...input, claims }).tree).toHaveProperty([CART]);
  });
});

describe('the port contract', () => {
  const grpc = service('cart', { ports: [servicePort(80, { name: 'grpc' })] });

  it('leaves out whole a member that contradicts it', () => {
    const { tree, codes } = compile(
      catalogInput({ east: [service('cart')], west: [{ ...grpc, ports: [...grpc.ports, servicePort(81)] }] }),
    );
    expect(codes).toEqual(['ISM0212']);
    expect(Object.keys(tree)).toEqual(['cluster/east', 'cluster/west', CART, member('east/shop')]);
    expect(tree[CART]).toMatchObject({ ports: [{ number: 80, protocol: 'HTTP' }] });
  });

  it('is fixed by the member that is recorded, not by the one that sorts first', () => {
    const first = recorded(catalogInput({ east: [], west: [grpc] }));
    const { tree, codes } = compile({ ...first, ...services({ east: [service('cart')], west: [grpc] }) });
    expect(codes).toEqual(['ISM0212']);
    expect(tree[CART]).toMatchObject({ ports: [{ number: 80, name: 'grpc-80', protocol: 'GRPC' }] });
  });

  it('lets a recorded member that begins to contradict drain', () => {
    const first = recorded(catalogInput({ east: [service('cart')], west: [service('cart')] }));
    const next = compileCatalog({ ...first, ...services({ east: [grpc], west: [service('cart')] }) });
    expect(next.issues.map(({ code, cluster: where }) => [code, where])).toEqual([['ISM0212', 'east']]);
    expect(next.leavingMembers).toMatchObject([{ cluster: 'east', cause: 'REMOVED' }]);
    expect(bodies(next.tree)[member('east/shop')]).toMatchObject({ state: 'draining' });
  });

  it('is fixed anew once no member speaks it', () => {
    const first = recorded(catalogInput({ east: [service('cart')] }));
    const next = compileCatalog({ ...first, ...services({ east: [grpc] }) });
    expect(next.issues.map(({ code }) => code)).toEqual(['ISM0224']);
    expect(next.refixedHosts).toEqual(['cart.shop.global']);
    expect(next.newPortContracts).toMatchObject([{ number: 80, name: 'grpc-80', fixedBy: 'east/shop/cart' }]);
    expect(next.leavingMembers).toEqual([]);
  });

  it('is fixed anew if every member contradicts some part of it', () => {
    const x = service('cart', { ports: [servicePort(80), servicePort(81, { name: 'tcp' })] });
    const y = service('cart', { ports: [servicePort(80, { name: 'tcp' }), servicePort(81, { name: 'grpc' })] });
    const portContracts = [
      { host: 'cart.shop.global', number: 80, name: 'http-80', protocol: 'HTTP' as const, fixedBy: 'east/shop/cart' },
      { host: 'cart.shop.global', number: 81, name: 'grpc-81', protocol: 'GRPC' as const, fixedBy: 'west/shop/cart' },
    ];
    const result = compileCatalog(catalogInput({ east: [x], west: [y] }, { portContracts }));
    expect(result.desiredMembers).toMatchObject([{ cluster: 'east' }]);
    expect(compileCatalog(recorded(catalogInput({ east: [x], west: [y] }, { portContracts }))).refixedHosts).toEqual(
      [],
    );
  });

  it('grows with numbers that later members add, and keeps the rows of those that nobody offers now', () => {
    const first = recorded(catalogInput({ east: [service('cart', { ports: [servicePort(80), servicePort(81)] })] }));
    const next = compileCatalog({
      ...first,
      ...services({ east: [service('cart', { ports: [servicePort(80), servicePort(82)] })] }),
    });
    expect(next.newPortContracts.map(({ number }) => number)).toEqual([82]);
    expect(bodies(next.tree)[CART]).toMatchObject({ ports: [{ number: 80 }, { number: 82 }] });
  });
});

function services(of: Record<string, InventoryService[]>): Pick<CatalogInput, 'inventories'> {
  return { inventories: catalogInput(of).inventories };
}

describe('a partial view', () => {
  const full = recorded(catalogInput({ east: [service('cart'), service('pay')], west: [service('cart')] }));
  const before = bodies(compileCatalog(full).tree);

  it('without the inventory of a cluster removes nothing', () => {
    const inventories = new Map([...full.inventories].filter(([name]) => name !== 'east'));
    const { tree, codes } = compile({ ...full, inventories });
    expect(tree).toEqual(before);
    expect(codes).toEqual(['ISM0240']);
  });

  it('with an unreadable namespace removes nothing of it and adds nothing from it', () => {
    const inventories = new Map(full.inventories).set(
      'east',
      inventory(namespace('shop', [service('new')], { readable: false })),
    );
    const { tree, codes } = compile({ ...full, inventories });
    expect(tree).toEqual(before);
    expect(codes).toEqual(['ISM0240']);
  });

  it('still follows the rules: a cluster that they leave out drains', () => {
    const inventories = new Map([...full.inventories].filter(([name]) => name !== 'east'));
    const gns = globalNamespace({ members: [{ clusters: { names: ['west'] } }] });
    const { leavingMembers } = compileCatalog({ ...full, gns, inventories });
    expect(leavingMembers.map(({ cluster: where, service: name, cause }) => [where, name, cause])).toEqual([
      ['east', 'cart', 'REMOVED'],
      ['east', 'pay', 'REMOVED'],
    ]);
  });

  it('keeps gateways that it cannot see', () => {
    const found = {
      namespace: 'istio-system',
      service: 'gw',
      addresses: ['10.0.0.1'],
      port: 15443,
      selector: { istio: 'gw' },
    };
    const seen = new Map(full.inventories).set('east', { ...inventory(namespace('shop', [])), gateways: [found] });
    const previous = compileCatalog({ ...full, inventories: seen }).tree;
    const blind = inventory(namespace('shop', []), namespace('istio-system', [], { readable: false }));
    const gateways = (input: CatalogInput): unknown =>
      bodies(compileCatalog({ ...input, previous }).tree)['cluster/east'];
    expect(gateways({ ...full, inventories: new Map([['east', blind]]) })).toHaveProperty('gateways');
    expect(gateways({ ...full, inventories: new Map() })).toHaveProperty('gateways');
    expect(
      gateways({ ...full, inventories: new Map([['east', inventory(namespace('istio-system', []))]]) }),
    ).not.toHaveProperty('gateways');
  });
});

describe('a full view', () => {
  const full = recorded(catalogInput({ east: [service('cart'), service('pay')], west: [service('cart')] }));

  it('removes at once what was deleted, with its namespace or with its cluster', () => {
    const cases: Partial<CatalogInput>[] = [
      { inventories: new Map(full.inventories).set('east', inventory(namespace('shop', []))) },
      { inventories: new Map(full.inventories).set('east', inventory()) },
      { clusters: [cluster('west')], inventories: new Map([...full.inventories].filter(([name]) => name === 'west')) },
    ];
    for (const change of cases) {
      const { tree, leavingMembers } = compileCatalog({ ...full, ...change });
      expect(leavingMembers.map(({ cause }) => cause)).toEqual(['DELETED', 'DELETED']);
      expect(Object.keys(bodies(tree)).filter((name) => name.includes('/member/'))).toEqual([member('west/shop')]);
    }
  });

  it('lets drain what the rules leave out, with its last body, and the host stays as long as it has members', () => {
    const gns = globalNamespace({ exclude: [{ services: { names: ['pay'] } }] });
    const { tree, leavingMembers } = compileCatalog({ ...full, gns });
    expect(leavingMembers).toMatchObject([{ service: 'pay', cause: 'REMOVED' }]);
    expect(bodies(tree)[member('east/shop', 'pay')]).toMatchObject({ state: 'draining', serviceAccounts: ['pay-sa'] });
    expect(bodies(tree)['host/pay.shop.global']).toMatchObject({ ports: [{ number: 80 }] });
    const memberStates = full.memberStates.filter((row) => row.service !== 'pay');
    expect(bodies(compileCatalog({ ...full, gns, memberStates }).tree)).not.toHaveProperty(['host/pay.shop.global']);
  });

  it('keeps addresses when the range changes, and says so once', () => {
    const gns = globalNamespace({ vipCIDR: '240.96.0.0/12' });
    const { tree, issues, newVips } = compileCatalog({ ...full, gns });
    expect(newVips).toEqual([]);
    expect(issues.map(({ code, message }) => [code, message.slice(0, 12)])).toEqual([['ISM0232', '2 hosts keep']]);
    expect(bodies(tree)[CART]).toEqual(bodies(compileCatalog(full).tree)[CART]);
  });
});

describe('virtual addresses', () => {
  it('leave out a host if the range is full, or its recorded address is unusable', () => {
    const gns = globalNamespace({ vipCIDR: '240.64.0.0/31' });
    const input = catalogInput({ east: [service('a'), service('b'), service('c')] }, { gns });
    expect(compile(input).codes).toEqual(['ISM0230']);
    const vips = [
      { host: 'a.shop.global', address: '240.64.0.1' },
      { host: 'b.shop.global', address: '240.64.0.1' },
      { host: 'c.shop.global', address: 'x' },
    ];
    const locked = compile(catalogInput({ east: [service('a'), service('b'), service('c')] }, { vips }));
    expect(locked.codes).toEqual(['ISM0231', 'ISM0231']);
    expect(Object.keys(locked.tree).filter((name) => /^host\/[^/]+$/.test(name))).toEqual(['host/a.shop.global']);
  });

  it('avoid the addresses of other hosts and the networks of clusters', () => {
    const gns = globalNamespace({ vipCIDR: '10.0.0.0/24' });
    const clusters = [cluster('east', { podCIDRs: ['10.0.0.0/25'], serviceCIDRs: ['10.0.0.128/26'] })];
    const takenVips = new Set(Array.from({ length: 60 }, (_, i) => `10.0.0.${192 + i}`));
    const { newVips } = compileCatalog(
      catalogInput({ east: [service('a'), service('b')] }, { gns, clusters, takenVips }),
    );
    for (const { address } of newVips) expect(Number(address.split('.')[3])).toBeGreaterThanOrEqual(252);
  });
});

describe('facts of clusters', () => {
  it('come from the record, with defaults; discovered gateways count only if it names none', () => {
    const found = {
      namespace: 'gw',
      service: 'gw',
      addresses: ['10.0.0.2', 'b.example'],
      port: 443,
      selector: { b: '2', a: '1' },
    };
    const inventories = new Map([
      ['east', { ...inventory(), mesh: { trustDomain: 'evil.example' }, gateways: [found] }],
    ]);
    const input = { ...catalogInput({ east: [] }), inventories };
    const pairs = [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ];
    expect(compile(input).tree['cluster/east']).toEqual({
      kind: 'cluster',
      name: 'east',
      mesh: 'istio',
      trustDomain: 'cluster.local',
      clusterDomain: 'cluster.local',
      gateways: [
        { address: '10.0.0.2', port: 443, namespace: 'gw', selector: pairs },
        { address: 'b.example', port: 443, namespace: 'gw', selector: pairs },
      ],
    });
    const spec = {
      gateways: [{ address: '10.1.0.9' }],
      locality: 'a/b',
      network: 'n',
      trustDomain: 'td',
      mesh: { kind: 'istio' as const, mode: 'ambient' as const },
    };
    expect(compile({ ...input, clusters: [cluster('east', spec)] }).tree['cluster/east']).toMatchObject({
      mode: 'ambient',
      trustDomain: 'td',
      locality: 'a/b',
      network: 'n',
      gateways: [
        {
          address: '10.1.0.9',
          port: 15443,
          namespace: 'istio-system',
          selector: [{ name: 'istio', value: 'eastwestgateway' }],
        },
      ],
    });
  });

  it('are given for consumers too, and not for clusters that the rules do not reach', () => {
    const gns = globalNamespace({
      members: [{ clusters: { names: ['east'] } }],
      consumers: [{ clusters: { names: ['west'] } }],
    });
    const { tree } = compile(catalogInput({ east: [], west: [], other: [] }, { gns }));
    expect(Object.keys(tree)).toEqual(['cluster/east', 'cluster/west']);
  });
});
