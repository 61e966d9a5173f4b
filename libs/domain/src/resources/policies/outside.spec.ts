import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateResources } from '../../validation/validate-resources.js';
import { parseResource } from '../parse-resource.js';
import { brief, clusterDocument, documentOf, gnsDocument } from '../resource.fixture.js';
import { touchesDomain } from '../text/outside-hosts.js';
import type { Resource } from '../types.js';

const targets = [{ globalNamespace: 'shop' }];
const external = (spec: object) =>
  documentOf('ExternalService', {
    targets,
    hosts: ['api.example.com'],
    ports: [{ number: 443, protocol: 'TLS' }],
    ...spec,
  });
const egress = (spec: object) => documentOf('EgressPolicy', { targets, default: 'DENY', ...spec });
const faults = (document: object) => brief(parseResource(document).issues);
const VIA = { namespace: 'egress', selector: { istio: 'egressgateway' } };
const TLS = { number: 443, protocol: 'TLS' };
const http = [{ number: 80, protocol: 'HTTP', targetPort: 443 }];

describe('an external service is refused', () => {
  it.each([
    ['a host with a scheme', { hosts: ['https://api.example.com'] }, 'ISM0915 spec.hosts[0]'],
    ['a host with a port', { hosts: ['api.example.com:443'] }, 'ISM0915 spec.hosts[0]'],
    ['a host with capitals', { hosts: ['API.example.com'] }, 'ISM0915 spec.hosts[0]'],
    ['a host of one label', { hosts: ['localhost'] }, 'ISM0915 spec.hosts[0]'],
    ['an address as host', { hosts: ['192.0.2.1'] }, 'ISM0915 spec.hosts[0]'],
    ['a wildcard inside', { hosts: ['a.*.example.com'] }, 'ISM0915 spec.hosts[0]'],
    ['everything', { hosts: ['*'] }, 'ISM0915 spec.hosts[0]'],
    ['a network that is none', { addresses: ['192.0.2.0/33'] }, 'ISM0013 spec.addresses[0]'],
    ['a network that starts elsewhere', { addresses: ['192.0.2.1/24'] }, 'ISM0014 spec.addresses[0]'],
    ['a port twice', { ports: [...http, { number: 80, protocol: 'TCP' }] }, 'ISM0917 spec.ports[1].number'],
    [
      'a service of the mesh as target',
      { targets: [{ globalNamespace: 'shop', service: 'cart' }] },
      'ISM0914 spec.targets[0].service',
    ],
    ['STATIC without endpoints', { resolution: 'STATIC' }, 'ISM0920 spec.resolution'],
    [
      'STATIC with names',
      { resolution: 'STATIC', endpoints: [{ address: 'a.example.com' }] },
      'ISM0920 spec.resolution',
    ],
    ['endpoints without use', { resolution: 'NONE', endpoints: [{ address: '192.0.2.1' }] }, 'ISM0920 spec.resolution'],
    ['a wildcard to be resolved', { hosts: ['*.example.com'], resolution: 'DNS' }, 'ISM0920 spec.resolution'],
    [
      'a port that is open to all',
      { hosts: ['*.example.com'], ports: [{ number: 3306, protocol: 'MYSQL' }] },
      'ISM0920 spec.ports[0]',
    ],
    [
      'one port for two',
      { ports: [...http, { number: 443, protocol: 'TLS' }], endpoints: [{ address: '192.0.2.1', port: 8443 }] },
      'ISM0920 spec.endpoints[0].port',
    ],
    ['encryption of what is encrypted', { tls: { mode: 'SIMPLE' } }, 'ISM0918 spec.tls'],
    [
      'encryption to a port of plain text',
      { ports: [{ number: 80, protocol: 'HTTP' }], tls: { mode: 'SIMPLE' } },
      'ISM0918 spec.ports[0]',
    ],
    [
      'encryption of an unknown port',
      { ports: http, tls: { mode: 'SIMPLE', ports: [80, 81] } },
      'ISM0918 spec.tls.ports[1]',
    ],
    [
      'encryption around PostgreSQL',
      { ports: [...http, { number: 5432, protocol: 'POSTGRESQL' }], tls: { mode: 'SIMPLE', ports: [80, 5432] } },
      'ISM0918 spec.tls.ports[1]',
    ],
    [
      'encryption without a name',
      { hosts: ['*.example.com'], ports: http, tls: { mode: 'SIMPLE' } },
      'ISM0918 spec.tls',
    ],
    ['MUTUAL without credential', { ports: http, tls: { mode: 'MUTUAL' } }, 'ISM0918 spec.tls.mode'],
    [
      'a certificate',
      { ports: http, tls: { mode: 'MUTUAL', credential: '-----BEGIN PRIVATE KEY-----\nMII' } },
      'ISM0919 spec.tls.credential',
    ],
    [
      'a long key',
      { ports: http, tls: { mode: 'MUTUAL', credential: 'QUJD'.repeat(40) } },
      'ISM0919 spec.tls.credential',
    ],
    [
      'encryption by a name that is a wildcard',
      { hosts: ['*.example.com'], ports: http, endpoints: [{ address: '192.0.2.1' }], tls: { mode: 'SIMPLE' } },
      'ISM0918 spec.tls',
    ],
    ['a gateway to a wildcard', { hosts: ['*.example.com'], via: VIA }, 'ISM0927 spec.via'],
    [
      'a gateway to whatever is called',
      { addresses: ['192.0.2.0/24'], resolution: 'NONE', via: VIA },
      'ISM0927 spec.via',
    ],
    ['a gateway at a port of its own', { via: { ...VIA, port: 15_021 } }, 'ISM0927 spec.via.port'],
    ['a gateway without labels', { via: { ...VIA, selector: {} } }, 'ISM0021 spec.via.selector'],
    [
      'more than a gateway tells apart',
      { hosts: Array.from({ length: 129 }, (_, index) => `h${index}.example.com`), ports: [...http, TLS], via: VIA },
      'ISM0923 spec.via',
    ],
    [
      'too many hosts',
      { hosts: Array.from({ length: 257 }, (_, index) => `h${index}.example.com`) },
      'ISM0923 spec.hosts',
    ],
  ])('for %s', (_, spec, fault) => {
    expect(faults(external(spec))).toEqual([fault]);
  });

  it('but may have as many hosts and ports as a gateway tells apart, and a wildcard with servers', () => {
    const hosts = Array.from({ length: 128 }, (_, index) => `h${index}.example.com`);
    expect(faults(external({ hosts, ports: [...http, TLS], via: VIA }))).toEqual([]);
    const servers = { hosts: ['*.example.com'], endpoints: [{ address: '192.0.2.1' }] };
    expect(faults(external({ ...servers, via: { ...VIA, port: 15_022 } }))).toEqual([]);
  });

  it('for more elements than a list may have, and says so once', () => {
    const hosts = Array.from({ length: 10_001 }, (_, index) => `h${index}.example.com`);
    expect(faults(external({ hosts }))).toEqual(['ISM0020 spec.hosts', 'ISM0923 spec.hosts']);
  });

  it('without repeating the key that it was given', () => {
    const { issues } = parseResource(
      external({ ports: http, tls: { mode: 'MUTUAL', credential: '-----BEGIN secret' } }),
    );
    expect(JSON.stringify(issues)).not.toContain('secret"');
  });
});

describe('an egress policy is refused', () => {
  it.each([
    ['an allowance of what is allowed', { default: 'ALLOW', allow: [{ hosts: ['pypi.org'] }] }, 'ISM0922 spec.allow'],
    ['an allowance of nothing', { allow: [{}] }, 'ISM0922 spec.allow[0]'],
    [
      'hosts and networks in one',
      { allow: [{ hosts: ['pypi.org'], cidrs: ['192.0.2.0/24'], ports: [{ number: 53, protocol: 'TCP' }] }] },
      'ISM0922 spec.allow[0]',
    ],
    ['a group beside hosts', { allow: [{ hosts: ['pypi.org'], dataGroups: ['pci'] }] }, 'ISM0922 spec.allow[0]'],
    [
      'ports of a group',
      { allow: [{ dataGroups: ['pci'], ports: [{ number: 443, protocol: 'TLS' }] }] },
      'ISM0922 spec.allow[0].ports',
    ],
    ['no group', { allow: [{ dataGroups: [] }] }, 'ISM0020 spec.allow[0].dataGroups'],
    ['what is no name of a group', { allow: [{ dataGroups: ['P C I'] }] }, 'ISM0009 spec.allow[0].dataGroups[0]'],
    ['networks without ports', { allow: [{ cidrs: ['192.0.2.0/24'] }] }, 'ISM0922 spec.allow[0].cidrs'],
    [
      'a network by name',
      { allow: [{ cidrs: ['192.0.2.0/24'], ports: [{ number: 443, protocol: 'TLS' }] }] },
      'ISM0922 spec.allow[0].ports[0]',
    ],
    [
      'a protocol that names no host',
      { allow: [{ hosts: ['db.example.com'], ports: [{ number: 5432, protocol: 'POSTGRESQL' }] }] },
      'ISM0922 spec.allow[0].ports[0]',
    ],
    [
      'a port twice',
      {
        allow: [
          {
            hosts: ['pypi.org'],
            ports: [
              { number: 443, protocol: 'TLS' },
              { number: 443, protocol: 'HTTPS' },
            ],
          },
        ],
      },
      'ISM0917 spec.allow[0].ports[1]',
    ],
    [
      'a host twice',
      { allow: [{ hosts: ['pypi.org'] }, { hosts: ['pypi.org'], ports: [{ number: 22, protocol: 'TCP' }] }] },
      'ISM0922 spec.allow[1].hosts[0]',
    ],
    [
      'a network that is none',
      { allow: [{ cidrs: ['pypi.org'], ports: [{ number: 22, protocol: 'TCP' }] }] },
      'ISM0013 spec.allow[0].cidrs[0]',
    ],
    ['a gateway for nothing', { via: VIA }, 'ISM0927 spec.via'],
    ['a gateway for everything', { default: 'ALLOW', via: VIA }, 'ISM0927 spec.via'],
    [
      'a wildcard through a gateway',
      { allow: [{ hosts: ['pypi.org', '*.pypi.org'] }], via: VIA },
      'ISM0927 spec.allow[0].hosts[1]',
    ],
    [
      'a network through a gateway',
      { allow: [{ cidrs: ['192.0.2.0/24'], ports: [{ number: 22, protocol: 'TCP' }] }], via: VIA },
      'ISM0927 spec.allow[0].cidrs',
    ],
    [
      'a port of a service as target',
      { targets: [{ globalNamespace: 'shop', service: 'cart', port: 80 }] },
      'ISM0914 spec.targets[0].service',
    ],
  ])('for %s', (_, spec, fault) => {
    expect(faults(egress(spec))).toContain(fault);
  });

  it('but takes 10,000 hosts, through a gateway too', () => {
    const hosts = Array.from({ length: 10_000 }, (_, index) => `h${index}.example.com`);
    expect(faults(egress({ allow: [{ hosts }] }))).toEqual([]);
    expect(faults(egress({ allow: [{ hosts }], via: VIA }))).toEqual([]);
  });
});

describe('a data group is refused', () => {
  const group = (spec: object) => documentOf('DataGroup', spec);
  const tcp = [{ number: 5432, protocol: 'POSTGRESQL' }];

  it.each([
    ['without members', { members: [] }, 'ISM0020 spec.members'],
    ['with a member that is nowhere', { members: [{}] }, 'ISM0922 spec.members[0]'],
    [
      'with hosts and networks in one',
      { members: [{ hosts: ['a.example.com'], cidrs: ['192.0.2.0/24'] }] },
      'ISM0922 spec.members[0]',
    ],
    ['with a network without ports', { members: [{ cidrs: ['192.0.2.0/24'] }] }, 'ISM0922 spec.members[0].cidrs'],
    [
      'with a protocol that names no host',
      { members: [{ hosts: ['a.example.com'], ports: tcp }] },
      'ISM0922 spec.members[0].ports[0]',
    ],
    ['with a host that is none', { members: [{ hosts: ['a b'] }] }, 'ISM0915 spec.members[0].hosts[0]'],
    ['with targets', { targets, members: [{ hosts: ['a.example.com'] }] }, 'ISM0005 spec.targets'],
  ])('%s', (_, spec, fault) => {
    expect(faults(group(spec))).toContain(fault);
  });

  it('but may have hosts, networks with ports, and 10,000 of them', () => {
    expect(faults(group({ members: [{ hosts: ['*.example.com'] }, { cidrs: ['192.0.2.0/24'], ports: tcp }] }))).toEqual(
      [],
    );
    const hosts = Array.from({ length: 10_000 }, (_, index) => `h${index}.example.com`);
    expect(faults(group({ members: [{ hosts }] }))).toEqual([]);
  });
});

describe('a host outside', () => {
  const resource = (document: object): Resource => {
    const parsed = parseResource(document).resource;
    if (parsed === undefined) throw new Error('the document has faults');
    return parsed;
  };
  const world = [gnsDocument(), clusterDocument({ clusterDomain: 'corp.internal' })];
  const told = (document: object) =>
    brief(validateResources([...world, document].map(resource)).filter(({ code }) => code === 'ISM0916'));

  it.each([
    'shop.global',
    'cart.shop.global',
    '*.shop.global',
    '*.global.example',
    'x.corp.internal',
    '*.corp.internal',
  ])('is told where %s lies inside, if it does', (host) => {
    const inside = host.endsWith('shop.global') || host.endsWith('corp.internal');
    expect(told(external({ hosts: [host] }))).toEqual(inside ? ['ISM0916 spec.hosts[0]'] : []);
    expect(told(egress({ allow: [{ hosts: [host] }] }))).toEqual(inside ? ['ISM0916 spec.allow[0].hosts[0]'] : []);
  });

  it.each(['*.corp.internal.example', 'myshop.global', 'corp.internals.example'])('may be called %s', (host) => {
    expect(told(external({ hosts: [host] }))).toEqual([]);
  });

  it('touches a domain exactly if it is one of its parents or a wildcard above it', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(name, name, (host, domain) => {
        const isUnder = host === domain || host.endsWith(`.${domain}`);
        expect(touchesDomain(host, domain)).toBe(isUnder);
        expect(touchesDomain(`*.${host}`, domain)).toBe(isUnder || domain.endsWith(`.${host}`));
      }),
    );
  });
});
