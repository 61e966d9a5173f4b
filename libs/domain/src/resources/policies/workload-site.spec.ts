import { describe, expect, it } from 'vitest';
import { parseResource } from '../parse-resource.js';
import { brief, documentOf } from '../resource.fixture.js';

const web = { name: 'web', ports: [{ number: 80, protocol: 'HTTP' }] };
const machine = { name: 'one', service: 'web', address: '192.0.2.1' };
const site = (spec: object) =>
  documentOf('WorkloadSite', { cluster: 'east', namespace: 'shop', services: [web], workloads: [machine], ...spec });
const faults = (spec: object) => brief(parseResource(site(spec)).issues);
const ofMachine = (fields: object) => faults({ workloads: [{ ...machine, ...fields }] });
const ofService = (fields: object) => faults({ services: [{ ...web, ...fields }] });

describe('a workload site is refused', () => {
  it.each([
    ['a name', 'ledger.example.com'],
    ['an IPv6 address', '2001:db8::1'],
    ['a network', '192.0.2.0/24'],
    ['an address with a port', '192.0.2.1:80'],
    ['the loopback', '127.0.0.1'],
    ['this network', '0.0.0.0'],
    ['a link', '169.254.169.254'],
    ['multicast', '224.0.0.1'],
    ['a virtual address', '240.64.0.1'],
    ['broadcast', '255.255.255.255'],
  ])('with %s as the address of a machine', (_, address) => {
    expect(ofMachine({ address })).toEqual(['ISM0945 spec.workloads[0].address']);
  });

  it.each([
    [
      'a machine twice',
      { workloads: [machine, { ...machine, address: '192.0.2.2' }] },
      ['ISM0946 spec.workloads[1].name'],
    ],
    ['an address twice', { workloads: [machine, { ...machine, name: 'two' }] }, ['ISM0946 spec.workloads[1].address']],
    ['a service twice', { services: [web, { ...web, labels: { a: 'b' } }] }, ['ISM0946 spec.services[1].name']],
    ['a service without machines', { services: [web, { ...web, name: 'api' }] }, ['ISM0947 spec.services[1].name']],
    ['no machine', { workloads: [] }, ['ISM0020 spec.workloads', 'ISM0947 spec.services[0].name']],
    [
      'more than 1,000 machines',
      {
        workloads: Array.from({ length: 1_001 }, (_, at) => ({
          ...machine,
          name: `m-${at}`,
          address: `10.0.${at >> 8}.${at & 255}`,
        })),
      },
      ['ISM0947 spec.workloads'],
    ],
  ])('with %s', (_, spec, expected) => {
    expect(faults(spec)).toEqual(expected);
  });

  it('with machines that name what the site does not have', () => {
    expect(ofMachine({ service: 'wbe' })).toEqual([
      'ISM0947 spec.workloads[0].service',
      'ISM0947 spec.services[0].name',
    ]);
    expect(ofMachine({ ports: [{ number: 81, targetPort: 8080 }] })).toEqual([
      'ISM0947 spec.workloads[0].ports[0].number',
    ]);
    const ports = [
      { number: 80, targetPort: 8080 },
      { number: 80, targetPort: 8081 },
    ];
    expect(ofMachine({ ports })).toEqual(['ISM0946 spec.workloads[0].ports[1].number']);
  });

  it('with a port of a service twice, a port out of range, or a protocol that is none', () => {
    const [port] = web.ports;
    expect(ofService({ ports: [port, { number: 80, protocol: 'TCP' }] })).toEqual([
      'ISM0946 spec.services[0].ports[1].number',
    ]);
    expect(ofService({ ports: [{ number: 65_536, protocol: 'TCP' }] })).toEqual([
      'ISM0016 spec.services[0].ports[0].number',
    ]);
    expect(ofService({ ports: [{ number: 80, protocol: 'UDP' }] })).toHaveLength(1);
  });

  it('with labels that Isthmus writes, an account that is none, or a weight out of range', () => {
    for (const key of ['isthmus.dev/machine-service', 'security.istio.io/tlsMode'])
      expect(ofMachine({ labels: { [key]: 'x' } })[0]).toMatch(/^ISM0947 spec\.workloads\[0\]\.labels/);
    expect(ofMachine({ serviceAccount: 'Ledger' })).toEqual(['ISM0009 spec.workloads[0].serviceAccount']);
    expect(ofMachine({ weight: 0 })).toEqual(['ISM0016 spec.workloads[0].weight']);
    expect(ofMachine({ weight: 10_001 })).toEqual(['ISM0016 spec.workloads[0].weight']);
    expect(ofMachine({ locality: 'us-east' })).toEqual(['ISM0015 spec.workloads[0].locality']);
  });

  it('with a probe of two ways or none, or one that is too hasty or has no path', () => {
    const http = { path: '/', port: 80 };
    expect(ofService({ readiness: { http, tcp: { port: 80 } } })).toEqual(['ISM0947 spec.services[0].readiness']);
    expect(ofService({ readiness: {} })).toEqual(['ISM0947 spec.services[0].readiness']);
    expect(ofService({ readiness: { http, period: '999ms' } })).toEqual(['ISM0950 spec.services[0].readiness.period']);
    expect(ofService({ readiness: { http: { ...http, path: 'x' } } })).toEqual([
      'ISM0947 spec.services[0].readiness.http.path',
    ]);
  });
});

describe('a workload site is taken', () => {
  it('with the first and last of what is allowed', () => {
    const workloads = Array.from({ length: 1_000 }, (_, at) => ({
      ...machine,
      name: `m-${at}`,
      address: `10.0.${at >> 8}.${at & 255}`,
    }));
    expect(faults({ workloads })).toEqual([]);
    expect(ofMachine({ weight: 1 })).toEqual([]);
    expect(ofMachine({ weight: 10_000, address: '223.255.255.255' })).toEqual([]);
  });

  it('with one machine for two services, and ports of a Service that Kubernetes knows', () => {
    const services = [{ name: 'web' }, { ...web, name: 'api' }];
    const workloads = [
      { ...machine, ports: [{ number: 80, targetPort: 8080 }] },
      { ...machine, name: 'two', service: 'api' },
    ];
    expect(faults({ services, workloads })).toEqual([]);
  });
});
