import { describe, expect, it } from 'vitest';
import type { MemberEntry, PortProtocol } from '../entries.js';
import type { AuthorizationFeature } from '../features/authorization.js';
import type { BlockEntry } from '../features/block.js';
import type { GnsView, HostView } from '../view.js';
import { CallJudge } from './call-judge.js';

function member(service: string, fields: Partial<MemberEntry> = {}): MemberEntry {
  const base = { cluster: 'east', namespace: 'shop', serviceAccounts: [`${service}-sa`] };
  const fixed = { kind: 'member', host: `${service}.shop.global`, service, state: 'served' } as const;
  return { ...fixed, ...base, selector: [], ports: [], ...fields };
}

function host(service: string, { members = [member(service)], ...fields }: Partial<HostView> & Ports = {}): HostView {
  const { ports = { 80: 'HTTP' }, ...rest } = fields;
  const list = Object.entries(ports).map(([number, protocol]) => ({
    number: Number(number),
    name: `p-${number}`,
    protocol,
  }));
  const entry = { kind: 'host' as const, host: `${service}.shop.global`, service, vip: '240.1.0.1', ports: list };
  return { host: entry, members, ...rest };
}
interface Ports {
  ports?: Record<number, PortProtocol>;
}

const access = (name: string, feature: Omit<AuthorizationFeature, 'kind'>): BlockEntry => ({
  kind: 'block',
  scope: 'GLOBAL_NAMESPACE',
  policy: { kind: 'AccessPolicy', project: 'default', name },
  feature: { kind: 'authorization', ...feature },
});

interface World {
  caller?: HostView;
  callee?: HostView;
  domains?: Record<string, string>;
  groups?: GnsView['groups'];
}

function judge(blocks: BlockEntry[], { caller = host('web'), callee = host('cart'), ...world }: World = {}) {
  const { domains = { east: 'cluster.local', west: 'cluster.local' }, groups = [] } = world;
  const clusters = Object.entries(domains).map(([name, trustDomain]) => ({
    kind: 'cluster' as const,
    ...{ name, trustDomain, mesh: 'istio' as const, clusterDomain: 'cluster.local' },
  }));
  const gns = { kind: 'gns' as const, project: 'default', name: 'shop', domain: 'shop.global' };
  const staff = { kind: 'userGroup' as const, project: 'default', name: 'staff', rules: [{ issuer: 'ci' }] };
  const people = { userGroups: [staff] };
  const view = { gns, encryption: undefined, slos: [], blocks, groups, clusters, hosts: [caller, callee], ...people };
  return new CallJudge(view).judge(caller, callee);
}
const brief = (...given: Parameters<typeof judge>) =>
  judge(...given).map(({ ports, verdict, rehearsal, policies }) =>
    [
      ...(ports.length === 0 ? [] : [ports.join()]),
      verdict,
      ...(rehearsal === undefined ? [] : [`(${rehearsal})`]),
      ...policies.map(({ name }) => name),
    ].join(' '),
  );

const from = (...services: string[]) => [{ services }];
const allow = (name: string, ...services: string[]) =>
  access(name, { rules: [{ action: 'ALLOW', from: from(...services) }] });
const deny = (name: string, ...services: string[]) =>
  access(name, { rules: [{ action: 'DENY', from: from(...services) }] });

describe('calls between services', () => {
  it('are refused by a DENY rule, whatever admits them', () => {
    expect(brief([allow('a', 'web'), deny('d', 'web')])).toEqual(['DENIED a d']);
  });

  it('are refused where an ALLOW rule speaks of the port, but not of the caller, even if all is allowed by default', () => {
    expect(brief([allow('a', 'other')])).toEqual(['DENIED_BY_DEFAULT a']);
    expect(brief([allow('a', 'other'), access('open', { default: 'ALLOW' })])).toEqual(['DENIED_BY_DEFAULT a open']);
    expect(brief([access('closed', { default: 'DENY' })])).toEqual(['DENIED_BY_DEFAULT closed']);
  });

  it('are admitted by a rule, or because nothing speaks of them', () => {
    expect(brief([allow('a', 'web')])).toEqual(['ALLOWED a']);
    expect(brief([deny('d', 'other')])).toEqual(['ALLOWED_BY_DEFAULT']);
    expect(brief([])).toEqual(['ALLOWED_BY_DEFAULT']);
  });

  it('are judged for each port, and told once where all are alike', () => {
    const rules = [{ action: 'ALLOW' as const, from: from('web'), to: [{ ports: [80] }] }];
    const callee = host('cart', { ports: { 90: 'TCP', 80: 'HTTP' } });
    expect(brief([access('a', { rules })], { callee })).toEqual(['80 ALLOWED a', '90 ALLOWED_BY_DEFAULT']);
    expect(brief([allow('a', 'web')], { callee })).toEqual(['ALLOWED a']);
    expect(brief([allow('a', 'web')], { callee: host('cart', { ports: {} }) })).toEqual([]);
  });

  it('depend on the request where a rule does; where requests are not seen nothing is admitted and all refused', () => {
    const to = [{ methods: ['GET'] }];
    const admitting = access('a', { rules: [{ action: 'ALLOW', from: from('web'), to }] });
    const refusing = access('d', { rules: [{ action: 'DENY', from: from('web'), to }] });
    const users = access('u', { rules: [{ action: 'ALLOW', from: [{ userGroups: ['staff'] }] }] });
    for (const block of [admitting, refusing, users]) expect(brief([block])[0]).toMatch(/^DEPENDS/);
    const callee = host('cart', { ports: { 80: 'TCP' } });
    expect(brief([admitting], { callee })).toEqual(['DENIED_BY_DEFAULT a']);
    expect(brief([refusing], { callee })).toEqual(['DENIED d']);
  });

  it('are of nobody where a group of users that does not exist is admitted, and of everybody where it is refused', () => {
    const of = (action: 'ALLOW' | 'DENY', ...userGroups: string[]) =>
      brief([access('u', { rules: [{ action, from: [{ userGroups }] }] })]);
    expect(of('ALLOW', 'typo')).toEqual(['DENIED_BY_DEFAULT u']);
    expect(of('ALLOW', 'typo', 'staff')).toEqual(['DEPENDS u']);
    expect(of('DENY', 'staff')).toEqual(['DEPENDS u']);
    expect(of('DENY', 'typo', 'staff')).toEqual(['DENIED u']);
  });

  it('are those of identities: who shares the account of an admitted service is admitted, and half a service depends', () => {
    const caller = host('web', { members: [member('web', { serviceAccounts: ['cart-sa'] })] });
    expect(brief([allow('a', 'cart')], { caller })).toEqual(['ALLOWED a']);
    const half = host('web', { members: [member('web'), member('web', { namespace: 'beta', cluster: 'west' })] });
    expect(brief([allow('a', 'web.shop')], { caller: half })).toEqual(['DEPENDS a']);
  });

  it('of a workload whose account is not known are admitted by no rule but that of its namespace, and refused by those about it', () => {
    const caller = host('web', { members: [member('web', { serviceAccounts: undefined })] });
    expect(brief([allow('a', 'web')], { caller })).toEqual(['DENIED_BY_DEFAULT a']);
    expect(brief([deny('d', 'web')], { caller })).toEqual(['DENIED d']);
    const namespace = access('n', { rules: [{ action: 'ALLOW', from: [{ namespaces: ['shop'] }] }] });
    expect(brief([namespace], { caller })).toEqual(['ALLOWED n']);
  });

  it('are refused by rules about a group that does not exist, and admitted by none', () => {
    const rule = (action: 'ALLOW' | 'DENY') =>
      access('g', { rules: [{ action, from: [{ serviceGroups: ['front'] }] }] });
    expect(brief([rule('ALLOW')])).toEqual(['DENIED_BY_DEFAULT g']);
    expect(brief([rule('DENY')])).toEqual(['DENIED g']);
    const groups = [{ kind: 'group' as const, name: 'front', rules: [{ services: { names: ['web'] } }] }];
    expect(brief([rule('ALLOW')], { groups })).toEqual(['ALLOWED g']);
    expect(brief([rule('DENY')], { groups, caller: host('other') })).toEqual(['ALLOWED_BY_DEFAULT']);
  });

  it('of cluster.local are admitted at servers of another trust domain by no rule that names them', () => {
    const domains = { east: 'cluster.local', west: 'west.example' };
    const callee = host('cart', { members: [member('cart', { cluster: 'west' })] });
    expect(brief([allow('a', 'web')], { callee, domains })).toEqual(['DENIED_BY_DEFAULT a']);
    expect(brief([allow('a', 'web')], { domains })).toEqual(['ALLOWED a']);
  });

  it('stay as they are under a rehearsal, which says what would be', () => {
    const rehearsed = access('r', { mode: 'AUDIT', rules: [{ action: 'DENY', from: [{ anyone: true }] }] });
    expect(brief([rehearsed])).toEqual(['ALLOWED_BY_DEFAULT (DENIED) r']);
  });
});
