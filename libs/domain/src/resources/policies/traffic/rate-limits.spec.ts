import { describe, expect, it } from 'vitest';
import { parseResource } from '../../parse-resource.js';

/** Codes and places of what is wrong with the blocks of a policy. */
function faults(blocks: object): string[] {
  const { issues } = parseResource({
    apiVersion: 'isthmus.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name: 'a' },
    spec: { targets: [{ globalNamespace: 'shop' }], ...blocks },
  });
  return issues.map(({ code, path }) => `${code} ${path ?? ''}`);
}

const local = (more: object) => faults({ localRateLimit: { requests: 10, ...more } });
const GET = { method: 'GET' };
const rule = (more: object) => ({ name: 'a', match: GET, requests: 1, ...more });

describe('the rate limit of each proxy', () => {
  it.each([
    [{ requests: 0 }, 'ISM0016 spec.localRateLimit.requests'],
    [{ requests: 1_000_001 }, 'ISM0016 spec.localRateLimit.requests'],
    [{ interval: '999ms' }, 'ISM0950 spec.localRateLimit.interval'],
    [{ burst: 9 }, 'ISM0857 spec.localRateLimit.burst'],
    [{ rules: [] }, 'ISM0020 spec.localRateLimit.rules'],
    [{ rules: [rule({ match: {} })] }, 'ISM0858 spec.localRateLimit.rules[0].match'],
    [{ rules: [rule({ requests: 5, burst: 4 })] }, 'ISM0857 spec.localRateLimit.rules[0].burst'],
    [{ interval: '10s', rules: [rule({ interval: '15s' })] }, 'ISM0856 spec.localRateLimit.rules[0].interval'],
    [{ interval: '10s', rules: [rule({})] }, 'ISM0856 spec.localRateLimit.rules[0].interval'],
    [{ rules: [rule({}), rule({ match: { method: 'PUT' } })] }, 'ISM0849 spec.localRateLimit.rules[1].name'],
    [
      { rules: [rule({ match: { path: { type: 'REGEX', value: '(?=a)' } } })] },
      'ISM0843 spec.localRateLimit.rules[0].match.path.value',
    ],
    [
      { rules: [rule({ match: { headers: [{ name: 'a', type: 'REGEX', value: 'a{1001}' }] } })] },
      'ISM0843 spec.localRateLimit.rules[0].match.headers[0].value',
    ],
  ])('is refused with %j', (more, fault) => {
    expect(local(more)).toEqual([fault]);
  });

  it('has at most 64 rules, and of 10,000 that is all that is said', () => {
    const rules = (count: number) => Array.from({ length: count }, (_, index) => rule({ name: `r${index}` }));
    expect(local({ rules: rules(64) })).toEqual([]);
    expect(local({ rules: rules(65) })).toEqual(['ISM0855 spec.localRateLimit.rules']);
    expect(local({ rules: rules(10_000) })).toEqual(['ISM0855 spec.localRateLimit.rules']);
  });

  it('takes a burst of as much as the limit, and multiples of its interval', () => {
    expect(local({ burst: 10, interval: '10s', rules: [rule({ interval: '1m', burst: 1 })] })).toEqual([]);
  });
});

const ASKED = { host: 'ratelimit.infra.svc.cluster.local', port: 8081 };
const global = (more: object) =>
  faults({
    globalRateLimit: {
      service: ASKED,
      domain: 'shop',
      failureMode: 'OPEN',
      descriptors: [{ entries: [{ key: 'a', value: 'b' }] }],
      ...more,
    },
  });
const entries = (...list: object[]) => ({ descriptors: [{ entries: list }] });
const AT = 'spec.globalRateLimit';

describe('the rate limit that a service keeps', () => {
  it.each([
    [{ failureMode: undefined }, `ISM0006 ${AT}.failureMode`],
    [{ service: { ...ASKED, host: 'ratelimit' } }, `ISM0859 ${AT}.service.host`],
    [{ service: { ...ASKED, host: 'http://a.b' } }, `ISM0859 ${AT}.service.host`],
    [{ service: { ...ASKED, host: 'a.b|x' } }, `ISM0859 ${AT}.service.host`],
    [{ service: { ...ASKED, port: 0 } }, `ISM0016 ${AT}.service.port`],
    [{ domain: 'a b' }, `ISM0859 ${AT}.domain`],
    [{ timeout: '11s' }, `ISM0950 ${AT}.timeout`],
    [{ descriptors: [] }, `ISM0020 ${AT}.descriptors`],
    [entries(), `ISM0020 ${AT}.descriptors[0].entries`],
    [entries({ key: 'a' }), `ISM0858 ${AT}.descriptors[0].entries[0]`],
    [entries({ key: 'a', value: 'b', header: 'c' }), `ISM0858 ${AT}.descriptors[0].entries[0]`],
    [entries({ key: 'a', header: 'c', match: GET }), `ISM0858 ${AT}.descriptors[0].entries[0].match`],
    [entries({ key: 'a', header: 'c d' }), `ISM0846 ${AT}.descriptors[0].entries[0].header`],
  ])('is refused with %j', (more, fault) => {
    expect(global(more)).toEqual([fault]);
  });

  it('has at most 64 descriptors of 8 entries', () => {
    const some = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'b' }));
    const many = (count: number) => ({ descriptors: some(count).map((entry) => ({ entries: [entry] })) });
    expect(global(entries(...some(8)))).toEqual([]);
    expect(global(entries(...some(9)))).toEqual([`ISM0855 ${AT}.descriptors[0].entries`]);
    expect(global(many(64))).toEqual([]);
    expect(global(many(65))).toEqual([`ISM0855 ${AT}.descriptors`]);
  });

  it('takes a host of a global namespace', () => {
    expect(global({ service: { host: 'ratelimit.shop.global', port: 8081 }, timeout: '10s' })).toEqual([]);
  });
});
