import { describe, expect, it } from 'vitest';
import { briefly, istio, lint, managedBy, type LintScene } from './lint.fixture.js';

const found = (scene: LintScene) => briefly(lint(scene));
const inEast = (...owner: NonNullable<LintScene['owner']>) => found({ owner });
const messages = (scene: LintScene) => lint(scene).map(({ message }) => message);

describe('a VirtualService of a user', () => {
  const virtualService = (spec: object, at = 'shop/mine') => istio('VirtualService', at, { hosts: [], ...spec });

  it.each([
    [{ hosts: ['reviews.shop.global'] }],
    [{ hosts: ['reviews.shop.global'], gateways: ['mesh'] }],
    [{ hosts: ['reviews.shop.global'], gateways: ['istio-system/in', 'mesh'] }],
    [{ hosts: ['reviews.shop.global'], exportTo: ['shop'] }],
    [{ hosts: ['reviews.shop.global'], exportTo: ['.'] }],
  ])('is the second of a global host: %j', (spec) => {
    expect(inEast(virtualService(spec))).toEqual(['ISM0803 WARNING east VirtualService/shop/mine spec.hosts[0]']);
  });

  it('says which host, and for whom', () => {
    expect(messages({ owner: [virtualService({ hosts: ['other', 'reviews.shop.global'] })] })).toEqual([
      'VirtualService shop/mine routes the global host reviews.shop.global for callers in books, shop',
    ]);
  });

  it('is found in the cluster of a client too, by every global host', () => {
    expect(found({ client: [virtualService({ hosts: ['db.shop.global'] })] })).toEqual([
      'ISM0803 WARNING west VirtualService/shop/mine spec.hosts[0]',
    ]);
  });

  it.each(['*.shop.global', '*.global', '*'])('covers global hosts by %s', (host) => {
    expect(inEast(virtualService({ hosts: [host] }))).toEqual([
      'ISM0804 WARNING east VirtualService/shop/mine spec.hosts[0]',
    ]);
  });

  it.each([
    [{ hosts: ['reviews.shop.global'], gateways: ['istio-system/in'] }],
    [{ hosts: ['reviews.shop.global'], exportTo: ['elsewhere'] }],
    [{ hosts: ['reviews.shop.global'], exportTo: ['~'] }],
    [{ hosts: ['shop.global'] }],
    [{ hosts: ['other.shop.global'] }],
    [{ hosts: ['myreviews.shop.global', 'reviews.shop.global2'] }],
    [{ hosts: ['*.shop.globally', '*.books.svc.cluster.local'] }],
    [{ hosts: ['reviews'] }],
    [{ hosts: 'reviews.shop.global' }],
  ])('is none of ours: %j', (spec) => {
    expect(inEast(virtualService(spec))).toEqual([]);
  });

  it('in a namespace that does not call is seen only as far as it is exported', () => {
    const elsewhere = (exportTo?: string[]) =>
      inEast(virtualService({ hosts: ['reviews.shop.global'], ...(exportTo && { exportTo }) }, 'other/mine'));
    expect([elsewhere().length, elsewhere(['.']).length, elsewhere(['shop']).length]).toEqual([1, 0, 1]);
  });

  it('without exportTo is seen where the mesh says', () => {
    const mesh = { defaultVirtualServiceExportTo: ['.'] };
    const config = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: JSON.stringify(mesh) },
    };
    const one = (at: string) => virtualService({ hosts: ['reviews.shop.global'] }, at);
    expect(inEast(config, one('other/mine'))).toEqual([]);
    expect(inEast(config, one('shop/mine'))).toHaveLength(1);
  });

  it('that Isthmus made is not judged', () => {
    const one = istio('VirtualService', 'shop/ours', { hosts: ['reviews.shop.global'] });
    expect([inEast(managedBy('isthmus', one)).length, inEast(managedBy('helm', one)).length]).toEqual([0, 1]);
  });
});

describe('a DestinationRule of a user', () => {
  const rule = (at: string, spec: object) => istio('DestinationRule', at, spec);
  const host = 'reviews.shop.global';

  it.each([
    ['in the namespace of callers', 'shop/mine', host],
    ['in the namespace of callers, by a wildcard', 'shop/mine', '*.shop.global'],
    ['beside the one that Isthmus makes', 'books/mine', host],
    ['beside the gateway', 'istio-system/mine', host],
    ['beside the gateway, by a wildcard', 'istio-system/mine', '*.global'],
  ])('decides how a host is called %s', (_, at, name) => {
    expect(inEast(rule(at, { host: name }))).toEqual([`ISM0805 WARNING east DestinationRule/${at} spec.host`]);
  });

  it.each([
    ['a namespace that does not call', 'other/mine', host],
    ['the namespace of the one that Isthmus makes, which is more exact', 'books/mine', '*.shop.global'],
    ['callers, for another host', 'shop/mine', 'reviews.shop.example'],
  ])('counts for nothing in %s', (_, at, name) => {
    expect(inEast(rule(at, { host: name }))).toEqual([]);
  });

  it('beside the one that Isthmus makes counts as far as it is exported', () => {
    expect(inEast(rule('books/mine', { host, exportTo: ['elsewhere'] }))).toEqual([]);
  });

  it('in the root namespace of a cluster without members comes last', () => {
    expect(found({ client: [rule('istio-system/mine', { host })] })).toEqual([]);
    expect(found({ client: [rule('isthmus-system/mine', { host })] })).toHaveLength(1);
  });

  it.each(['DISABLE', 'SIMPLE', 'MUTUAL'])(
    'calls without the mutual TLS of the mesh by %s, wherever it says so',
    (mode) => {
      const policy = { trafficPolicy: { tls: { mode } } };
      const byPort = { trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode } }] } };
      const bySubset = { subsets: [{ name: 'v1', ...policy }] };
      for (const spec of [policy, byPort, bySubset]) {
        expect(inEast(rule('shop/mine', { host, ...spec }))).toEqual([
          'ISM0813 WARNING east DestinationRule/shop/mine spec.trafficPolicy.tls.mode',
        ]);
      }
      expect(found({ owner: [rule('shop/mine', { host, ...policy })], mode: 'STRICT' })).toEqual([
        'ISM0813 ERROR east DestinationRule/shop/mine spec.trafficPolicy.tls.mode',
      ]);
    },
  );

  it('with the mutual TLS of the mesh, or with plaintext where that is the policy, is another one and no more', () => {
    const mutual = rule('shop/mine', { host, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } });
    const plain = rule('shop/mine', { host, trafficPolicy: { tls: { mode: 'DISABLE' } } });
    expect(inEast(mutual)).toEqual(['ISM0805 WARNING east DestinationRule/shop/mine spec.host']);
    expect(found({ owner: [plain], mode: 'DISABLE' })).toEqual([
      'ISM0805 WARNING east DestinationRule/shop/mine spec.host',
    ]);
  });
});

describe("a DestinationRule of a member's Kubernetes name", () => {
  const rule = (host: string, spec: object, at = 'books/mine') => istio('DestinationRule', at, { host, ...spec });
  const plain = { trafficPolicy: { tls: { mode: 'DISABLE' } } };
  const full = 'reviews.books.svc.cluster.local';

  it.each([full, 'reviews', '*.books.svc.cluster.local', '*.local'])(
    'calls STRICT workloads in plaintext: %s',
    (host) => {
      expect(found({ owner: [rule(host, plain)], mode: 'STRICT' })).toEqual([
        'ISM0814 WARNING east DestinationRule/books/mine spec.trafficPolicy.tls.mode',
      ]);
    },
  );

  it('does not while the policy lets plaintext in', () => {
    expect(found({ owner: [rule(full, plain)], mode: 'PERMISSIVE' })).toEqual([]);
    expect(found({ owner: [rule(full, plain)] })).toEqual([]);
  });

  it('is for another service where a short name stands in another namespace', () => {
    expect(found({ owner: [rule('reviews', plain, 'shop/mine')], mode: 'STRICT' })).toEqual([]);
  });

  it('has subsets that the global host lacks', () => {
    expect(inEast(rule(full, { subsets: [{ name: 'v1' }] }))).toEqual([
      'ISM0817 INFO east DestinationRule/books/mine spec.subsets',
    ]);
    expect(inEast(rule(full, {}))).toEqual([]);
    expect(inEast(rule('other.books.svc.cluster.local', { subsets: [{ name: 'v1' }] }))).toEqual([]);
  });
});

describe('a ServiceEntry of a user', () => {
  const entry = (spec: object, at = 'shop/mine') => istio('ServiceEntry', at, spec);

  it.each(['shop/mine', 'istio-system/mine', 'other/mine'])('declares a global host in %s', (at) => {
    expect(inEast(entry({ hosts: ['a.example', 'reviews.shop.global'] }, at))).toEqual([
      `ISM0806 WARNING east ServiceEntry/${at} spec.hosts[1]`,
    ]);
  });

  it('that nobody sees who calls, or that is for other hosts, is none of ours', () => {
    expect(inEast(entry({ hosts: ['reviews.shop.global'], exportTo: ['.'] }, 'other/mine'))).toEqual([]);
    expect(inEast(entry({ hosts: ['*.shop.global', 'a.example'] }))).toEqual([]);
  });

  it.each(['240.64.0.0', '240.79.255.255', '240.64.0.0/24', '240.0.0.0/8'])(
    'takes a virtual address: %s',
    (address) => {
      expect(inEast(entry({ hosts: ['a.example'], addresses: [address] }))).toEqual([
        'ISM0807 WARNING east ServiceEntry/shop/mine spec.addresses[0]',
      ]);
    },
  );

  it.each(['240.63.255.255', '240.80.0.0', '10.0.0.1', '2001:db8::1', 'nonsense'])(
    'does not take one: %s',
    (address) => {
      expect(inEast(entry({ hosts: ['a.example'], addresses: [address] }))).toEqual([]);
    },
  );

  it('is measured by the range of the global namespace', () => {
    const owner = [entry({ hosts: ['a.example'], addresses: ['241.1.0.5'] })];
    expect(found({ owner, gns: { vipCIDR: '241.1.0.0/16' } })).toHaveLength(1);
    expect(found({ owner })).toEqual([]);
  });
});

describe('a Sidecar of a user', () => {
  const sidecar = (at: string, hosts: string[], more: object = {}) =>
    istio('Sidecar', at, { egress: [{ hosts }], ...more });

  it.each([
    ['by its hosts', ['*/*.example']],
    ['by the namespace that it takes them from', ['shop/*', 'istio-system/*']],
    ['by its own namespace', ['./*']],
    ['by taking nothing', ['~/*']],
    ['by one host alone', ['*/reviews.shop.global']],
    ['by a name that is no host', ['*/any.shop.global']],
  ])('hides global hosts %s', (_, hosts) => {
    expect(inEast(sidecar('shop/mine', hosts))).toEqual(['ISM0808 WARNING east Sidecar/shop/mine spec.egress']);
  });

  it.each([
    [['*/*']],
    [['books/*']],
    [['*/*.shop.global']],
    [['books/*.global', 'shop/*']],
    [['*/reviews.shop.global', '*/db.shop.global']],
  ])('lets them be seen: %j', (hosts) => {
    expect(inEast(sidecar('shop/mine', hosts))).toEqual([]);
  });

  it('says what to add', () => {
    expect(lint({ owner: [sidecar('shop/mine', ['./*'])] })).toMatchObject([
      {
        message: 'Sidecar shop/mine does not let workloads in shop see db.shop.global, reviews.shop.global',
        hint: 'add "*/*.shop.global" to spec.egress[].hosts',
      },
    ]);
  });

  it('takes hosts without a member here from the namespace of the agent', () => {
    expect(found({ client: [sidecar('shop/mine', ['isthmus-system/*'])] })).toEqual([]);
    expect(found({ client: [sidecar('shop/mine', ['books/*'])] })).toHaveLength(1);
  });

  it('sees its own namespace by a dot', () => {
    expect(inEast(sidecar('books/mine', ['./*']))).toEqual([]);
  });

  it('for some workloads hides as well; without egress hosts it hides nothing', () => {
    expect(inEast(sidecar('shop/mine', ['./*'], { workloadSelector: { labels: { app: 'web' } } }))).toHaveLength(1);
    expect(inEast(istio('Sidecar', 'shop/mine', { ingress: [] }))).toEqual([]);
  });

  it('of the root namespace is for namespaces without one of their own', () => {
    const root = sidecar('istio-system/default', ['istio-system/*']);
    expect(messages({ owner: [root] })).toEqual([
      expect.stringContaining('does not let workloads in books, shop see') as string,
    ]);
    expect(messages({ owner: [root, sidecar('shop/own', ['*/*'])] })).toEqual([
      expect.stringContaining('does not let workloads in books see') as string,
    ]);
    const some = sidecar('istio-system/some', ['./*'], { workloadSelector: { labels: { a: 'b' } } });
    expect(inEast(some)).toEqual([]);
  });

  it('whose hosts are not all told is not judged', () => {
    const many = Array.from({ length: 70 }, (_, index) => `shop/h${index}.example`);
    expect(inEast(sidecar('shop/mine', many))).toEqual([]);
    expect(inEast(sidecar('shop/mine', many.slice(0, 64)))).toHaveLength(1);
  });
});

describe('a Gateway of a user', () => {
  const gateway = (server: object, selector: object = { istio: 'eastwestgateway' }) =>
    istio('Gateway', 'other/mine', { selector, servers: [server] });
  const tls = (hosts: string[], number = 15_443) => ({
    port: { number, protocol: 'TLS' },
    tls: { mode: 'PASSTHROUGH' },
    hosts,
  });

  it.each([
    ['*'],
    ['*.global'],
    ['*.shop.global'],
    ['reviews.shop.global'],
    ['*.sub.shop.global'],
    ['./*.shop.global'],
  ])('meets the domain by %s', (host) => {
    expect(inEast(gateway(tls([host])))).toEqual(['ISM0809 WARNING east Gateway/other/mine spec.servers[0]']);
  });

  it.each([['*.local'], ['shop.global'], ['*.shop.globally'], ['*.myshop.global'], ['shop.global.example']])(
    'does not by %s',
    (host) => {
      expect(inEast(gateway(tls([host])))).toEqual([]);
    },
  );

  it('takes the port with a protocol that does not share it, whatever the host', () => {
    expect(inEast(gateway({ port: { number: 15_443, protocol: 'TCP' }, hosts: ['a.example'] }))).toHaveLength(1);
    expect(inEast(gateway({ port: { number: 15_443, protocol: 'HTTPS' }, hosts: ['a.example'] }))).toEqual([]);
  });

  it('of another port, of other pods, or in a cluster without members does no harm', () => {
    expect(inEast(gateway(tls(['*'], 443)))).toEqual([]);
    expect(inEast(gateway(tls(['*']), { istio: 'ingressgateway' }))).toEqual([]);
    expect(found({ client: [gateway(tls(['*']))] })).toEqual([]);
  });

  it('is for the pods that its labels take: those of the workload, where it was seen', () => {
    expect(inEast(gateway(tls(['*']), { app: 'gateway' }))).toHaveLength(1);
    expect(inEast(gateway(tls(['*']), {}))).toHaveLength(1);
  });
});
