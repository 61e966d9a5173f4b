import { describe, expect, it } from 'vitest';
import { parseResource } from '../parse-resource.js';
import { brief, documentOf } from '../resource.fixture.js';
import { publicListeners } from './public-faults.js';

const MINIMUM = {
  targets: [{ globalNamespace: 'shop', service: 'web' }],
  hosts: ['shop.example.com'],
  gateways: [{ namespace: 'istio-ingress', selector: { istio: 'ingressgateway' } }],
};
const tls = { mode: 'SIMPLE', credential: 'shop-cert' };
const passed = { mode: 'PASSTHROUGH' };
const path = (value: string, type = 'PREFIX') => ({ type, value, service: 'api' });
const faults = (spec: object) => brief(parseResource(documentOf('PublicService', { ...MINIMUM, ...spec })).issues);

describe('a public service is refused', () => {
  it.each([
    ['no target', { targets: [] }, 'ISM0020 spec.targets'],
    [
      'two targets',
      { targets: [...MINIMUM.targets, { globalNamespace: 'shop', service: 'api' }] },
      'ISM0930 spec.targets',
    ],
    ['no host', { hosts: [] }, 'ISM0020 spec.hosts'],
    ['every host', { hosts: ['*'] }, 'ISM0915 spec.hosts[0]'],
    ['a host with a scheme', { hosts: ['https://shop.example.com'] }, 'ISM0915 spec.hosts[0]'],
    ['a host of one label', { hosts: ['shop'] }, 'ISM0915 spec.hosts[0]'],
    ['an address as host', { hosts: ['192.0.2.1'] }, 'ISM0915 spec.hosts[0]'],
    ['no gateway', { gateways: [] }, 'ISM0020 spec.gateways'],
    [
      'gateways of any labels',
      { gateways: [{ namespace: 'istio-ingress', selector: {} }] },
      'ISM0021 spec.gateways[0].selector',
    ],
    ['a certificate that is not named', { tls: { mode: 'SIMPLE' } }, 'ISM0930 spec.tls'],
    ['a certificate that is not named, of callers too', { tls: { mode: 'MUTUAL' } }, 'ISM0930 spec.tls'],
    ['a key', { tls: { ...tls, credential: '-----BEGIN PRIVATE KEY-----' } }, 'ISM0919 spec.tls.credential'],
    ['a certificate that nobody shows', { tls: { ...passed, credential: 'c' } }, 'ISM0930 spec.tls.credential'],
    [
      'a version that the service chooses',
      { tls: { ...passed, minVersion: 'TLSV1_3' } },
      'ISM0930 spec.tls.minVersion',
    ],
    ['a redirect to nowhere', { http: { mode: 'REDIRECT' } }, 'ISM0930 spec.http.mode'],
    ['a redirect to another port', { tls: { ...tls, port: 444 } }, 'ISM0930 spec.tls.port'],
    ['plain HTTP beside TLS that is passed', { tls: passed, http: { mode: 'SERVE' } }, 'ISM0930 spec.http.mode'],
    [
      'plain HTTP around the certificates of callers',
      { tls: { ...tls, mode: 'MUTUAL' }, http: { mode: 'SERVE' } },
      'ISM0930 spec.http.mode',
    ],
    ['nothing that listens', { http: { mode: 'OFF' } }, 'ISM0930 spec.http.mode'],
    ['one port for two', { tls: { ...tls, port: 80 }, http: { mode: 'SERVE' } }, 'ISM0930 spec.http.port'],
    ['the port of what is off', { tls, http: { mode: 'OFF', port: 8080 } }, 'ISM0930 spec.http.port'],
    ['paths that nobody sees', { tls: passed, paths: [path('/api')] }, 'ISM0930 spec.paths'],
    ['a path twice', { paths: [path('/api'), path('/api/')] }, 'ISM0930 spec.paths[1].value'],
    ['every path', { paths: [path('/')] }, 'ISM0930 spec.paths[0].value'],
    ['a path with a query', { paths: [path('/api?x')] }, 'ISM0846 spec.paths[0].value'],
    ['parts of seconds', { dns: { ttl: '1500ms' } }, 'ISM0930 spec.dns.ttl'],
    ['less than a second', { dns: { ttl: '0s' } }, 'ISM0950 spec.dns.ttl'],
    [
      'two weights of a cluster',
      {
        dns: {
          weights: [
            { cluster: 'east', weight: 1 },
            { cluster: 'east', weight: 2 },
          ],
        },
      },
      'ISM0930 spec.dns.weights[1].cluster',
    ],
    [
      'a weight beyond 255',
      { dns: { weights: [{ cluster: 'east', weight: 256 }] } },
      'ISM0016 spec.dns.weights[0].weight',
    ],
  ])('with %s', (_, spec, expected) => {
    expect(faults(spec)).toEqual([expected]);
  });
});

describe('a public service is taken', () => {
  it.each([
    ['in plain HTTP', {}],
    ['with a certificate', { tls }],
    ['with a certificate on another port, without redirect', { tls: { ...tls, port: 444 }, http: { mode: 'OFF' } }],
    ['with certificates of callers', { tls: { ...tls, mode: 'MUTUAL', minVersion: 'TLSV1_3' } }],
    ['with TLS that is passed', { tls: passed }],
    ['with an exact path beside a prefix of the same text', { paths: [path('/api'), path('/api', 'EXACT')] }],
    ['with a wildcard', { hosts: ['*.example.com'] }],
    [
      'with a record that lives a second, and weights from 0',
      { dns: { ttl: '1s', weights: [{ cluster: 'a', weight: 0 }] } },
    ],
  ])('%s', (_, spec) => {
    expect(faults(spec)).toEqual([]);
  });
});

describe('what a public service listens on', () => {
  it('is plain HTTP, which leads to https where there is some', () => {
    expect(publicListeners({})).toEqual([{ port: 80, protocol: 'HTTP' }]);
    expect(publicListeners({ tls: { mode: 'SIMPLE' } })).toEqual([
      { port: 80, protocol: 'HTTP', redirect: true },
      { port: 443, protocol: 'HTTPS' },
    ]);
    expect(publicListeners({ http: { port: 8080, mode: 'SERVE' }, tls: { mode: 'SIMPLE', port: 8443 } })).toEqual([
      { port: 8080, protocol: 'HTTP' },
      { port: 8443, protocol: 'HTTPS' },
    ]);
  });

  it('is TLS alone where that is passed through', () => {
    expect(publicListeners({ tls: { mode: 'PASSTHROUGH' } })).toEqual([{ port: 443, protocol: 'TLS' }]);
  });
});
