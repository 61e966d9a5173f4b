import type { KubeObject } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { reachedHosts, routedNames } from '../../named-parts.js';

const object = (kind: string, spec: unknown, group = 'networking.istio.io/v1'): KubeObject => ({
  apiVersion: group,
  kind,
  metadata: { name: 'one', namespace: 'n' },
  spec,
});
const routes = (spec: object): string[] =>
  routedNames(object('VirtualService', { hosts: ['a.test'], ...spec })).map(({ host, subset = '' }) =>
    [host, subset].join('/'),
  );
const to = (host: string, subset?: string): object => ({ destination: { host, ...(subset && { subset }) } });

describe('names that routes name', () => {
  it('are none in what has no routes, or none that could be read', () => {
    const named = { hosts: ['a.test'], http: [{ route: [to('b.test')] }] };
    expect(routedNames(object('DestinationRule', named))).toEqual([]);
    expect(routedNames(object('VirtualService', named, 'example.com/v1'))).toEqual([]);
    expect(routes({})).toEqual([]);
    expect(routes({ http: [{ directResponse: { status: 503 } }, 7, { route: [{}, 7, { destination: {} }] }] })).toEqual(
      [],
    );
    expect(routes({ http: { route: [to('b.test')] }, tcp: 'all' })).toEqual([]);
  });

  it('are not the host whose routes they are, but its subsets', () => {
    expect(routes({ http: [{ route: [to('a.test')] }] })).toEqual([]);
    expect(routes({ http: [{ route: [to('a.test'), to('a.test', 'v2')] }] })).toEqual(['a.test/v2']);
  });

  it('are those of shares, also of nothing, of mirrors and of every protocol, each once and sorted', () => {
    const http = [
      {
        route: [
          { ...to('b.test', 'v2'), weight: 0 },
          { ...to('b.test', 'v1'), weight: 100 },
        ],
      },
      { route: [to('b.test', 'v1')], mirrors: [to('c.test', 'v3')] },
      { mirror: { host: 'd.test', subset: 'v4' } },
    ];
    const [tls, tcp] = [[{ route: [to('e.test')] }], [{ route: [to('f.test')] }]];
    expect(routes({ http, tls, tcp })).toEqual([
      'b.test/v1',
      'b.test/v2',
      'c.test/v3',
      'd.test/v4',
      'e.test/',
      'f.test/',
    ]);
  });

  it('are reached by destination rules and service entries, and by nothing else', () => {
    expect(reachedHosts(object('DestinationRule', { host: 'a.test' }))).toEqual(['a.test']);
    expect(reachedHosts(object('ServiceEntry', { hosts: ['a.test', 'b.test'] }))).toEqual(['a.test', 'b.test']);
    expect(reachedHosts(object('Gateway', { hosts: ['a.test'] }))).toEqual([]);
    expect(reachedHosts(object('ServiceEntry', undefined))).toEqual([]);
    expect(reachedHosts(object('DestinationRule', {}))).toEqual([]);
  });
});
