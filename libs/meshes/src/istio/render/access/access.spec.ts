import type {
  AuthorizationFeature,
  BlockEntry,
  ClusterEntry,
  GnsView,
  HostView,
  KubeObject,
  LocalFacts,
  MemberEntry,
} from '@isthmus/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { istioRenderer } from '../istio-renderer.js';

type Rule = NonNullable<AuthorizationFeature['rules']>[number];

const cluster = (name: string, trustDomain: string): ClusterEntry => ({
  kind: 'cluster',
  name,
  mesh: 'istio',
  trustDomain,
  clusterDomain: 'cluster.local',
  gateways: [{ address: '203.0.113.1', port: 15443, namespace: 'istio-system', selector: [{ name: 'a', value: 'b' }] }],
});
const member = (clusterName: string, service: string, fields: Partial<MemberEntry> = {}): MemberEntry => ({
  kind: 'member',
  host: `${service}.x.global`,
  cluster: clusterName,
  namespace: 'shop',
  service,
  state: 'served',
  selector: [{ name: 'app', value: service }],
  serviceAccounts: [service],
  ports: [{ number: 80, targetPort: 8080 }],
  ...fields,
});
const host = (service: string, members: MemberEntry[]): HostView => ({
  host: {
    kind: 'host',
    host: `${service}.x.global`,
    service,
    vip: '240.64.0.1',
    ports: [{ number: 80, name: 'http-80', protocol: 'HTTP' }],
  },
  members,
});
const block = (rules: Rule[], feature: Partial<AuthorizationFeature> = {}): BlockEntry => ({
  kind: 'block',
  scope: 'GLOBAL_NAMESPACE',
  policy: { kind: 'AccessPolicy', project: 'default', name: 'p' },
  feature: { kind: 'authorization', rules, ...feature },
});
const LOCAL: LocalFacts = { cluster: 'east', namespaces: [], agentNamespace: 'isthmus-system' };

function render(
  blocks: BlockEntry[],
  { more = {}, local = {} }: { more?: Partial<GnsView>; local?: Partial<LocalFacts> } = {},
) {
  const view: GnsView = {
    gns: { kind: 'gns', project: 'default', name: 'x', domain: 'x.global', memberClusters: ['east', 'west'] },
    slos: [],
    clusters: [cluster('east', 'east.td'), cluster('west', 'west.td')],
    hosts: [host('pay', [member('east', 'pay')]), host('web', [member('east', 'web'), member('west', 'web')])],
    blocks,
    ...more,
  };
  const { objects, issues } = istioRenderer.render(view, { ...LOCAL, ...local });
  const access = objects.filter(({ object }) => object.kind === 'AuthorizationPolicy');
  return {
    objects,
    ofPay: access.map(({ object }) => object).filter(({ metadata }) => metadata.name.startsWith('pay-')),
    codes: issues.map(({ code }) => code).filter((code) => code.startsWith('ISM08') || code === 'ISM0955'),
  };
}

const principals = ({ spec }: KubeObject): string[] =>
  ((spec as { rules?: { from?: { source: { principals?: string[] } }[] }[] }).rules ?? []).flatMap(({ from = [] }) =>
    from.flatMap(({ source }) => source.principals ?? []),
  );
const allow = (services: string[]): Rule => ({ action: 'ALLOW', from: [{ services }] });
const deny = (services: string[]): Rule => ({ action: 'DENY', from: [{ services }] });

describe('identities of callers', () => {
  it('are those of each cluster’s own trust domain, and no others', () => {
    expect(render([block([allow(['web'])])]).ofPay.flatMap(principals)).toEqual([
      'east.td/ns/shop/sa/web',
      'west.td/ns/shop/sa/web',
    ]);
    const rule: Rule = { action: 'ALLOW', from: [{ namespaces: ['shop'] }] };
    expect(render([block([rule])]).ofPay.flatMap(principals)).toEqual(['east.td/ns/shop/*', 'west.td/ns/shop/*']);
  });

  it('that are not known are admitted by no rule, and refused with their namespace', () => {
    const hosts = [
      host('pay', [member('east', 'pay')]),
      host('web', [member('east', 'web', { serviceAccounts: undefined }), member('west', 'web')]),
    ];
    const admitted = render([block([allow(['web'])])], { more: { hosts } });
    expect(admitted.ofPay.flatMap(principals)).toEqual(['west.td/ns/shop/sa/web']);
    expect(admitted.codes).toContain('ISM0890');
    expect(render([block([deny(['web'])])], { more: { hosts } }).ofPay.flatMap(principals)).toEqual([
      'east.td/ns/shop/*',
      'west.td/ns/shop/sa/web',
    ]);
  });

  it('that Istio would take for local ones are admitted by no rule, and refused', () => {
    const clusters = [cluster('east', 'east.td'), cluster('west', 'cluster.local')];
    const admitted = render([block([allow(['web'])])], { more: { clusters } });
    expect(admitted.ofPay.flatMap(principals)).toEqual(['east.td/ns/shop/sa/web']);
    expect(admitted.codes).toContain('ISM0892');
    expect(render([block([deny(['web'])])], { more: { clusters } }).ofPay.flatMap(principals)).toContain(
      'cluster.local/ns/shop/sa/web',
    );
  });

  it('of clusters that the catalog does not have, or whose trust domain is malformed, are left out', () => {
    const clusters = [cluster('east', 'east.td'), cluster('west', 'west td')];
    expect(render([block([allow(['web'])])], { more: { clusters } }).ofPay.flatMap(principals)).toEqual([
      'east.td/ns/shop/sa/web',
    ]);
  });
});

describe('protection', () => {
  it('that the cluster has no kind for is told, and nothing crashes', () => {
    const served = ['DestinationRule', 'VirtualService', 'ServiceEntry', 'Gateway'].map(
      (kind) => `networking.istio.io/v1/${kind}`,
    );
    for (const other of ['PeerAuthentication', 'RequestAuthentication']) {
      const servedKinds = [...served, 'security.istio.io/v1/PeerAuthentication', `security.istio.io/v1/${other}`];
      const { ofPay, codes, objects } = render([block([allow(['web'])])], { local: { servedKinds } });
      expect(ofPay).toEqual([]);
      expect(codes).toContain('ISM0955');
      expect(objects.length).toBeGreaterThan(0);
    }
  });

  it('that is too large for an object admits nobody', () => {
    const serviceAccounts = Array.from({ length: 30_000 }, (_, index) => `account-${index}`);
    const hosts = [host('pay', [member('east', 'pay')]), host('web', [member('west', 'web', { serviceAccounts })])];
    const { ofPay, codes } = render([block([allow(['web']), deny(['web'])])], { more: { hosts } });
    expect(ofPay.map(({ spec }) => spec)).toEqual([{ action: 'ALLOW', selector: { matchLabels: { app: 'pay' } } }]);
    expect(codes).toContain('ISM0894');
  });

  it('refuses before it admits, and both stand before the way in', () => {
    const { objects } = render([block([deny(['web']), allow(['web'])])]);
    const names = objects.filter(({ host: at }) => at === 'pay.x.global').map(({ object }) => object.metadata.name);
    expect(names.slice(0, 2)).toEqual(['pay-x-global-deny', 'pay-x-global-allow']);
  });

  it('never admits everyone by an ALLOW rule that names somebody, whatever is known of whom', () => {
    const anyMember = fc
      .tuple(
        fc.constantFrom('east', 'west', 'north'),
        fc.constantFrom<string[] | undefined>(['web'], [], undefined),
        fc.constantFrom('shop', 'Bad'),
      )
      .map(([at, serviceAccounts, namespace]) => member(at, 'web', { serviceAccounts, namespace }));
    const callers = fc.constantFrom<Rule['from'][number]>(
      { services: ['web'] },
      { services: ['none'] },
      { serviceGroups: ['none'] },
      { userGroups: ['none'] },
      { userGroups: ['none'], services: ['web'] },
    );
    fc.assert(
      fc.property(fc.array(anyMember), fc.array(callers, { minLength: 1 }), (members, from) => {
        const { ofPay } = render([block([{ action: 'ALLOW', from }])], {
          more: { hosts: [host('pay', [member('east', 'pay')]), host('web', members)] },
        });
        expect(ofPay).toHaveLength(1);
        const rules = (ofPay[0]?.spec as { rules?: { from?: unknown[] }[] }).rules ?? [];
        for (const rule of rules) expect(rule.from?.length ?? 0).toBeGreaterThan(0);
      }),
    );
  });
});

describe('what decides whether hosts are rendered again', () => {
  const prepared = (hosts: HostView[], blocks: BlockEntry[]) =>
    istioRenderer.prepare(
      {
        gns: { kind: 'gns', project: 'default', name: 'x', domain: 'x.global', memberClusters: ['east', 'west'] },
        slos: [],
        clusters: [cluster('east', 'east.td'), cluster('west', 'west.td')],
        hosts,
        blocks,
      },
      LOCAL,
    ).fingerprint;

  it('holds the identities that rules name, and no others', () => {
    const pay = host('pay', [member('east', 'pay')]);
    const before = [pay, host('web', [member('west', 'web')])];
    const after = [pay, host('web', [member('west', 'web', { serviceAccounts: ['other'] })])];
    expect(prepared(after, [block([allow(['web'])])])).not.toBe(prepared(before, [block([allow(['web'])])]));
    expect(prepared(after, [block([allow(['pay'])])])).toBe(prepared(before, [block([allow(['pay'])])]));
  });
});
