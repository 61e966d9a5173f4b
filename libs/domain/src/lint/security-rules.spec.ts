import { describe, expect, it } from 'vitest';
import { GROUP_VERSION } from '../api-group.js';
import type { Resource } from '../resources/types.js';
import { briefly, istio, lint, type LintScene } from './lint.fixture.js';

const found = (scene: LintScene) => briefly(lint(scene));
const inEast = (...owner: NonNullable<LintScene['owner']>) => found({ owner });
const messages = (scene: LintScene) => lint(scene).map(({ message }) => message);

describe('a PeerAuthentication of a user', () => {
  const peer = (at: string, spec: object) => istio('PeerAuthentication', at, spec);
  const selector = { matchLabels: { app: 'reviews' } };
  const mtls = (mode: string) => ({ mtls: { mode } });

  it.each([
    ['STRICT', 'PERMISSIVE', 'ERROR'],
    ['STRICT', 'DISABLE', 'ERROR'],
    ['PERMISSIVE', 'DISABLE', 'ERROR'],
    ['PERMISSIVE', 'STRICT', 'WARNING'],
  ] as const)('for workloads of a member contradicts %s by %s', (mode, asked, severity) => {
    expect(found({ mode, owner: [peer('books/mine', { selector, ...mtls(asked) })] })).toEqual([
      `ISM0810 ${severity} east PeerAuthentication/books/mine spec.mtls.mode`,
    ]);
  });

  it('contradicts by a single port of the member', () => {
    const spec = (port: number) => ({ selector, ...mtls('STRICT'), portLevelMtls: { [port]: { mode: 'DISABLE' } } });
    expect(found({ mode: 'STRICT', owner: [peer('books/mine', spec(9080))] })).toHaveLength(1);
    expect(found({ mode: 'STRICT', owner: [peer('books/mine', spec(15_020))] })).toEqual([]);
  });

  it.each([
    ['agrees', 'books/mine', { selector, ...mtls('STRICT') }],
    ['says nothing', 'books/mine', { selector, ...mtls('UNSET') }],
    ['is for other workloads', 'books/mine', { selector: { matchLabels: { app: 'other' } }, ...mtls('DISABLE') }],
    ['is for a namespace without members', 'shop/mine', { selector, ...mtls('DISABLE') }],
    ['is for the namespace, and so counts less', 'books/mine', mtls('DISABLE')],
    ['is for the mesh, and so counts less', 'istio-system/mine', mtls('DISABLE')],
  ])('does no harm to STRICT when it %s', (_, at, spec) => {
    expect(found({ mode: 'STRICT', owner: [peer(at, spec)] })).toEqual([]);
  });

  it('that is stricter than a PERMISSIVE policy is told that it does not hold', () => {
    const owner = (at: string) => [peer(at, mtls('STRICT'))];
    expect(found({ mode: 'PERMISSIVE', owner: owner('istio-system/mine') })).toEqual([
      'ISM0812 INFO east PeerAuthentication/istio-system/mine spec.mtls.mode',
    ]);
    expect(found({ mode: 'PERMISSIVE', owner: owner('books/mine') })).toEqual([
      'ISM0812 WARNING east PeerAuthentication/books/mine spec.mtls.mode',
    ]);
    expect(found({ mode: 'PERMISSIVE', owner: owner('shop/mine') })).toEqual([]);
    expect(found({ owner: owner('istio-system/mine') })).toEqual([]);
  });

  it.each([
    ['of the workloads', 'books/mine', { selector, ...mtls('DISABLE') }],
    ['of the namespace', 'books/mine', mtls('DISABLE')],
    ['of the mesh', 'istio-system/mine', mtls('DISABLE')],
  ])('%s cuts callers of other clusters off while there is no policy', (_, at, spec) => {
    expect(found({ owner: [peer(at, spec)] })).toEqual([
      `ISM0811 WARNING east PeerAuthentication/${at} spec.mtls.mode`,
    ]);
  });

  it('counts less than a narrower one that says something', () => {
    const wide = peer('istio-system/wide', mtls('DISABLE'));
    expect(inEast(wide, peer('books/narrow', mtls('PERMISSIVE')))).toEqual([]);
    expect(inEast(wide, peer('books/narrow', {}))).toHaveLength(1);
  });

  it('cuts nobody off where nobody calls from elsewhere', () => {
    const west = { clusters: { names: ['east'] }, namespaces: { names: ['shop'] } };
    const members = [{ clusters: { names: ['east'] }, namespaces: { names: ['books'] } }];
    expect(found({ owner: [peer('books/mine', mtls('DISABLE'))], gns: { members, consumers: [west] } })).toEqual([]);
  });
});

describe('an AuthorizationPolicy of a user', () => {
  const policy = (spec: object, at = 'books/mine') => istio('AuthorizationPolicy', at, spec);
  const from = (source: object) => ({ rules: [{ from: [{ source }] }] });
  const selector = { matchLabels: { app: 'reviews' } };

  it.each([
    ['names others', from({ principals: ['cluster.local/ns/books/sa/*'] })],
    ['names others by namespace', from({ namespaces: ['books', 'sho', 'shop-*'] })],
    ['has no rule', {}],
    ['is for other ports', { rules: [{ to: [{ operation: { ports: ['15020'] } }] }] }],
  ])('refuses callers of other clusters when it %s', (_, spec) => {
    expect(inEast(policy({ selector, ...spec }))).toEqual([
      'ISM0815 WARNING east AuthorizationPolicy/books/mine spec.rules',
    ]);
  });

  it.each([
    ['names everybody', { rules: [{}] }],
    ['names whoever has an identity', from({ principals: ['*'] })],
    ['names them', from({ principals: ['cluster.local/ns/shop/sa/web-sa'] })],
    ['names them by a prefix', from({ principals: ['cluster.local/ns/shop/*'] })],
    ['names them by a suffix', from({ principals: ['*/sa/web-sa'] })],
    ['names their namespace', from({ namespaces: ['shop'] })],
    ['says something that may be about them', from({ ipBlocks: ['10.0.0.0/8'] })],
    ['names them at the port', { rules: [{ to: [{ operation: { ports: ['9080'] } }] }] }],
    ['denies', { action: 'DENY', ...from({ namespaces: ['other'] }) }],
    ['is for a waypoint', { targetRefs: [{ kind: 'Gateway', name: 'w' }], ...from({ namespaces: ['other'] }) }],
    ['is for other workloads', { selector: { matchLabels: { app: 'x' } }, ...from({ namespaces: ['other'] }) }],
  ])('lets them in when it %s', (_, spec) => {
    expect(inEast(policy({ selector, ...spec }))).toEqual([]);
  });

  it('lets them in when another one does', () => {
    const closed = policy({ selector, ...from({ namespaces: ['books'] }) });
    const open = policy(from({ namespaces: ['shop'] }), 'books/open');
    expect(inEast(closed, open)).toEqual([]);
  });

  it('of the root namespace is for all', () => {
    expect(messages({ owner: [policy(from({ namespaces: ['books'] }), 'istio-system/all')] })).toEqual([
      'AuthorizationPolicy istio-system/all lets nobody of shop in west call db.shop.global, reviews.shop.global: what no ALLOW policy names is refused',
    ]);
  });

  it('with both a principal and a namespace asks for both', () => {
    const both = (namespace: string) => policy({ selector, ...from({ principals: ['*'], namespaces: [namespace] }) });
    expect([inEast(both('shop')).length, inEast(both('books')).length]).toEqual([0, 1]);
  });

  describe('beside access policies', () => {
    const closed = policy({ selector, ...from({ namespaces: ['books'] }) });
    const access = (spec: object, targets: object[] = [{ globalNamespace: 'shop' }]): Resource => ({
      ...{ apiVersion: GROUP_VERSION, kind: 'AccessPolicy', metadata: { name: 'calls' } },
      spec: { targets, ...spec },
    });
    const allow = (source: object, targets?: object[]) =>
      access({ rules: [{ action: 'ALLOW', from: [source] }] }, targets);
    const group = (services: string[]): Resource => ({
      ...{ apiVersion: GROUP_VERSION, kind: 'ServiceGroup', metadata: { name: 'callers' } },
      spec: { members: [{ services: { names: services } }] },
    });
    const codes = (...policies: Resource[]) =>
      lint({ owner: [closed], policies })
        .map(({ code }) => code)
        .filter((code) => code.startsWith('ISM081'));

    it.each([
      ['nobody', access({ default: 'DENY' })],
      ['another namespace', allow({ namespaces: ['books'] })],
      ['a service that is not in the calling namespace', allow({ services: ['reviews'] })],
      ['them at another service', allow({ namespaces: ['shop'] }, [{ globalNamespace: 'shop', service: 'db' }])],
      ['them in another global namespace', allow({ namespaces: ['shop'] }, [{ globalNamespace: 'other' }])],
      [
        'them in a rehearsal',
        access({ mode: 'AUDIT', rules: [{ action: 'ALLOW', from: [{ namespaces: ['shop'] }] }] }),
      ],
      ['them by a DENY rule', access({ rules: [{ action: 'DENY', from: [{ namespaces: ['shop'] }] }] })],
    ])('refuses callers of other clusters when these admit %s', (_, one) => {
      expect(codes(one)).toContain('ISM0815');
    });

    it.each([
      ['everyone', allow({ anyone: true })],
      ['their namespace', allow({ namespaces: ['shop'] })],
      [
        'their namespace at the service',
        allow({ namespaces: ['shop'] }, [{ globalNamespace: 'shop', service: 'reviews' }]),
      ],
      ['their namespace everywhere', allow({ namespaces: ['shop'] }, [{ scope: 'ORGANIZATION' }])],
      ['users, wherever they call from', allow({ userGroups: ['staff'] })],
    ])('refuses none whom these admit: %s', (_, one) => {
      expect(codes(one)).not.toContain('ISM0815');
    });

    it('refuses those behind services that no rule names, and none behind those that one does', () => {
      const both = { gns: { members: [{ namespaces: { names: ['books', 'shop'] } }] } };
      const service = {
        ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } },
        spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
      };
      const refused = (...policies: Resource[]) =>
        lint({ ...both, owner: [closed], client: [service], policies }).some(({ code }) => code === 'ISM0815');
      const inGroup = allow({ serviceGroups: ['callers'] });
      expect([refused(), refused(allow({ services: ['web'] })), refused(allow({ services: ['web.shop'] }))]).toEqual([
        true,
        false,
        false,
      ]);
      expect([refused(inGroup, group(['reviews'])), refused(inGroup, group(['web']))]).toEqual([true, false]);
    });

    it('lets in whom these refuse, which is told with the policies', () => {
      expect(messages({ owner: [closed], policies: [access({ default: 'DENY' })] })).toContain(
        'AuthorizationPolicy books/mine lets callers into reviews.shop.global beside AccessPolicy calls',
      );
      expect(codes(allow({ namespaces: ['shop'] }))).toEqual(['ISM0818']);
    });

    it.each([
      ['the service is open', access({ default: 'ALLOW' })],
      ['another service is closed', access({ default: 'DENY' }, [{ globalNamespace: 'shop', service: 'db' }])],
      ['another group is closed', access({ default: 'DENY' }, [{ globalNamespace: 'shop', serviceGroup: 'callers' }])],
    ])('opens nothing where %s', (_, one) => {
      expect(codes(one, group(['db']))).not.toContain('ISM0818');
    });

    it('opens what a group closes', () => {
      const one = access({ default: 'DENY' }, [{ globalNamespace: 'shop', serviceGroup: 'callers' }]);
      expect(codes(one, group(['reviews']))).toContain('ISM0818');
    });

    it.each([
      ['denies', { action: 'DENY', ...from({ namespaces: ['books'] }) }],
      ['has no rule', {}],
      ['is for ports that are not those of the service', { rules: [{ to: [{ operation: { ports: ['15020'] } }] }] }],
    ])('opens nothing when it %s', (_, spec) => {
      const owner = [policy({ selector, ...spec })];
      const found = lint({ owner, policies: [access({ default: 'DENY' })] });
      expect(found.map(({ code }) => code)).not.toContain('ISM0818');
    });
  });

  it('looks for requests where there are none', () => {
    const rules = (operation: object) => ({ action: 'DENY', rules: [{ to: [{ operation }] }] });
    expect(inEast(policy(rules({ methods: ['GET'] })))).toEqual([
      'ISM0816 WARNING east AuthorizationPolicy/books/mine spec.rules[0]',
    ]);
    expect(inEast(policy(rules({ methods: ['GET'], ports: ['3306'] })))).toHaveLength(1);
    expect(inEast(policy(rules({ methods: ['GET'], ports: ['9080'] })))).toEqual([]);
    expect(inEast(policy(rules({ ports: ['3306'] })))).toEqual([]);
    expect(inEast(policy({ selector, ...rules({ paths: ['/'] }) }))).toEqual([]);
    const when = { action: 'DENY', rules: [{ when: [{ key: 'request.headers[x]', values: ['y'] }] }] };
    expect(inEast(policy(when))).toHaveLength(1);
  });
});
