import { describe, expect, it } from 'vitest';
import { parseResource } from '../parse-resource.js';

const SPEC = { targets: [{ globalNamespace: 'shop' }] };

/** Codes and places of what is wrong with the blocks of a policy. */
function faults(blocks: object): string[] {
  const { issues } = parseResource({
    apiVersion: 'isthmus.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name: 'a' },
    spec: { ...SPEC, ...blocks },
  });
  return issues.map(({ code, path }) => `${code} ${path ?? ''}`);
}

const retry = (more: object) => ({ attempts: 2, ...more });

describe('timeouts and retries of a traffic policy', () => {
  it('refuse a request that ends before one try does', () => {
    expect(faults({ timeout: { request: '999ms' }, retry: retry({ perTryTimeout: '1s' }) })).toEqual([
      'ISM0841 spec.retry.perTryTimeout',
    ]);
  });

  it('warn of tries that do not all fit, on this side of the boundary only', () => {
    expect(faults({ timeout: { request: '2999ms' }, retry: retry({ perTryTimeout: '1s' }) })).toEqual([
      'ISM0842 spec.retry.perTryTimeout',
    ]);
    expect(faults({ timeout: { request: '3s' }, retry: retry({ perTryTimeout: '1s' }) })).toEqual([]);
  });

  it('refuse a condition that nobody knows, and say what may have been meant', () => {
    const { issues } = parseResource({
      apiVersion: 'isthmus.dev/v1alpha1',
      kind: 'TrafficPolicy',
      metadata: { name: 'a' },
      spec: { ...SPEC, retry: retry({ conditions: ['CONECT_FAILURE'] }) },
    });
    expect(issues[0]).toMatchObject({ code: 'ISM0008', path: 'spec.retry.conditions[0]' });
    expect(issues[0]?.hint).toContain('CONNECT_FAILURE');
  });
});

describe('load balancing of a traffic policy', () => {
  it.each([
    [{}, 'ISM0850 spec.loadBalancing'],
    [{ hash: {} }, 'ISM0850 spec.loadBalancing.hash'],
    [{ hash: { header: 'a', query: 'b' } }, 'ISM0850 spec.loadBalancing.hash'],
    [{ algorithm: 'RANDOM', hash: { sourceIP: true } }, 'ISM0850 spec.loadBalancing.hash'],
    [{ algorithm: 'RANDOM', warmup: '10s' }, 'ISM0851 spec.loadBalancing.warmup'],
    [{ hash: { sourceIP: true }, warmup: '10s' }, 'ISM0851 spec.loadBalancing.warmup'],
    [{ hash: { header: 'a b' } }, 'ISM0846 spec.loadBalancing.hash.header'],
  ])('refuses %j', (loadBalancing, fault) => {
    expect(faults({ loadBalancing })).toEqual([fault]);
  });

  it('takes an algorithm, a hash or a warm-up', () => {
    expect(faults({ loadBalancing: { algorithm: 'ROUND_ROBIN', warmup: '10s' } })).toEqual([]);
    expect(faults({ loadBalancing: { hash: { cookie: { name: 'session' } } } })).toEqual([]);
    expect(faults({ loadBalancing: { warmup: '10s' } })).toEqual([]);
  });
});

describe('faults and detection of a traffic policy', () => {
  it.each([
    [{ faults: {} }, 'ISM0852 spec.faults'],
    [{ faults: { abort: {} } }, 'ISM0852 spec.faults.abort'],
    [{ faults: { abort: { httpStatus: 500, grpcStatus: 14 } } }, 'ISM0852 spec.faults.abort'],
    [{ faults: { abort: { httpStatus: 199 } } }, 'ISM0016 spec.faults.abort.httpStatus'],
    [{ faults: { abort: { httpStatus: 500, percent: 100.01 } } }, 'ISM0951 spec.faults.abort.percent'],
    [{ faults: { delay: { duration: '1s', percent: 0.001 } } }, 'ISM0951 spec.faults.delay.percent'],
    [{ faults: { expiresAt: '2027-01-31T18:00:00Z' } }, 'ISM0852 spec.faults'],
    [{ outlierDetection: { consecutiveGatewayErrors: 0 } }, 'ISM0853 spec.outlierDetection'],
    [{ outlierDetection: { maxEjectionPercent: 98 } }, 'ISM0853 spec.outlierDetection.maxEjectionPercent'],
    [{ connectionPool: { maxConnections: 0 } }, 'ISM0016 spec.connectionPool.maxConnections'],
  ])('tells of %j', (blocks, fault) => {
    expect(faults(blocks)).toEqual([fault]);
  });

  it.each(['2027-01-31', '2027-01-31T18:00:00', '2027-02-30T18:00:00Z', 'tomorrow', '1969-12-31T23:59:59Z'])(
    'refuse to end at %s, which is no instant',
    (expiresAt) => {
      expect(faults({ faults: { abort: { httpStatus: 503 }, expiresAt } })).toEqual(['ISM0865 spec.faults.expiresAt']);
    },
  );

  it('takes what counts something and may leave out everybody, or all but the last', () => {
    expect(faults({ outlierDetection: { maxEjectionPercent: 99 } })).toEqual([]);
    expect(faults({ outlierDetection: { maxEjectionPercent: 100, consecutiveLocalOriginFailures: 1 } })).toEqual([]);
    expect(faults({ outlierDetection: { consecutiveGatewayErrors: 0, consecutive5xxErrors: 1 } })).toEqual([]);
    for (const expiresAt of ['2027-01-31T18:00:00Z', '2027-01-31T18:00:00.5+01:00', '1970-01-01T00:00:00Z'])
      expect(faults({ faults: { abort: { httpStatus: 503 }, expiresAt } })).toEqual([]);
    expect(faults({ faults: { abort: { httpStatus: 200, percent: 0.01 }, delay: { duration: '1s' } } })).toEqual([]);
  });
});

describe('CORS of a traffic policy', () => {
  it('refuses an origin in two ways or none, and credentials with any origin', () => {
    expect(faults({ cors: { allowOrigins: [] } })).toEqual(['ISM0020 spec.cors.allowOrigins']);
    expect(faults({ cors: { allowOrigins: [{}] } })).toEqual(['ISM0854 spec.cors.allowOrigins[0]']);
    expect(faults({ cors: { allowOrigins: [{ exact: 'a', prefix: 'b' }] } })).toEqual([
      'ISM0854 spec.cors.allowOrigins[0]',
    ]);
    expect(faults({ cors: { allowOrigins: [{ exact: '*' }], allowCredentials: true } })).toEqual([
      'ISM0854 spec.cors.allowOrigins[0]',
    ]);
    expect(faults({ cors: { allowOrigins: [{ regex: '(?=a)' }] } })).toEqual([
      'ISM0843 spec.cors.allowOrigins[0].regex',
    ]);
  });

  it('takes any origin without credentials, and some with', () => {
    expect(faults({ cors: { allowOrigins: [{ exact: '*' }] } })).toEqual([]);
    expect(faults({ cors: { allowOrigins: [{ exact: 'https://a.example' }], allowCredentials: true } })).toEqual([]);
  });
});

const routes = (...rules: object[]) => ({ routes: { rules } });
const path = (type: string, value: string) => ({ path: { type, value } });

describe('a route of a traffic policy', () => {
  it.each([
    [{ backends: [{ version: 'v1', weight: 99 }] }, 'ISM0840 spec.routes.rules[0].backends'],
    [{ backends: [{ weight: 50 }, { version: 'v2', weight: 51 }] }, 'ISM0840 spec.routes.rules[0].backends'],
    [{ backends: [{ weight: 50 }, { version: 'v2' }] }, 'ISM0840 spec.routes.rules[0].backends[1]'],
    [{ backends: [{ version: 'a b' }] }, 'ISM0846 spec.routes.rules[0].backends[0].version'],
    [{ backends: [] }, 'ISM0020 spec.routes.rules[0].backends'],
    [{ mirror: {} }, 'ISM0845 spec.routes.rules[0].mirror'],
    [{ mirror: { service: 'a', version: 'v1' } }, 'ISM0845 spec.routes.rules[0].mirror'],
    [{ mirror: { service: 'a', cluster: 'east' } }, 'ISM0845 spec.routes.rules[0].mirror'],
    [{ mirror: { version: 'v1', port: 80 } }, 'ISM0845 spec.routes.rules[0].mirror'],
    [{ mirror: { port: 80 } }, 'ISM0845 spec.routes.rules[0].mirror'],
    [{ mirror: { service: 'a', percent: 101 } }, 'ISM0951 spec.routes.rules[0].mirror.percent'],
    [{ redirect: { host: 'a' }, timeout: '1s' }, 'ISM0845 spec.routes.rules[0].timeout'],
    [
      { rewrite: { path: '/a', prefix: '/b' }, matches: [path('PREFIX', '/x')] },
      'ISM0845 spec.routes.rules[0].rewrite',
    ],
    [{ rewrite: { prefix: '/b' }, matches: [path('EXACT', '/x')] }, 'ISM0845 spec.routes.rules[0].rewrite'],
    [{ rewrite: { prefix: '/b' } }, 'ISM0845 spec.routes.rules[0].rewrite'],
    [{ requestHeaders: { remove: ['Host'] } }, 'ISM0845 spec.routes.rules[0].requestHeaders'],
    [
      { responseHeaders: { set: [{ name: 'a', value: 'b' }], remove: ['A'] } },
      'ISM0845 spec.routes.rules[0].responseHeaders',
    ],
    [{ matches: [path('EXACT', 'x')] }, 'ISM0846 spec.routes.rules[0].matches[0].path.value'],
    [{ matches: [path('REGEX', '(?!x)')] }, 'ISM0843 spec.routes.rules[0].matches[0].path.value'],
    [
      { matches: [{ headers: [{ name: 'a', type: 'REGEX', value: '(' }] }] },
      'ISM0843 spec.routes.rules[0].matches[0].headers[0].value',
    ],
    [
      { timeout: '1s', retry: { attempts: 1, perTryTimeout: '2s' } },
      'ISM0841 spec.routes.rules[0].retry.perTryTimeout',
    ],
  ])('refuses %j', (rule, fault) => {
    expect(faults(routes({ name: 'a', ...rule }))).toEqual([fault]);
  });

  it('takes weights of 100, and one backend without weight', () => {
    const split = [
      { version: 'v1', weight: 90 },
      { version: 'v2', weight: 10 },
      { cluster: 'east', weight: 0 },
    ];
    expect(faults(routes({ name: 'a', backends: split }))).toEqual([]);
    expect(faults(routes({ name: 'a', backends: [{ version: 'v1' }] }))).toEqual([]);
    expect(faults(routes({ name: 'a', mirror: { service: 'b', port: 80, percent: 0.5 } }))).toEqual([]);
  });
});

describe('routes of a traffic policy', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `r${index}`, matches: [path('EXACT', `/${index}`)] }));

  it('refuse more rules or matches than proxies should try, and 10,000 of them at once', () => {
    expect(faults(routes(...many(256)))).toEqual([]);
    expect(faults(routes(...many(257)))).toEqual(['ISM0848 spec.routes.rules']);
    expect(faults(routes(...many(10_001)))).toContain('ISM0020 spec.routes.rules');
    const matches = Array.from({ length: 513 }, (_, index) => path('EXACT', `/${index}`));
    expect(faults(routes({ name: 'a', matches }))).toEqual(['ISM0848 spec.routes.rules']);
  });

  it('refuse a name twice', () => {
    const [first, second] = [path('EXACT', '/a'), path('EXACT', '/b')];
    expect(faults(routes({ name: 'a', matches: [first] }, { name: 'a', matches: [second] }))).toEqual([
      'ISM0849 spec.routes.rules[1].name',
    ]);
  });

  it.each([
    ['itself', [{ name: 'a', matches: [path('PREFIX', '/a')], redirect: { path: '/a/b' } }], [0]],
    ['itself, without any change', [{ name: 'a', redirect: { status: 301 } }], [0]],
    [
      'each other',
      [
        { name: 'a', matches: [path('EXACT', '/a')], redirect: { path: '/b' } },
        { name: 'b', matches: [path('EXACT', '/b')], redirect: { path: '/a' } },
      ],
      [0, 1],
    ],
    [
      'a pair that does, by an expression',
      [
        { name: 'a', matches: [path('EXACT', '/a')], redirect: { path: '/b1' } },
        { name: 'b', matches: [path('REGEX', '/b[0-9]')], redirect: { path: '/a' } },
      ],
      [0],
    ],
  ])('refuse redirects to %s', (_, rules, places) => {
    expect(faults(routes(...rules))).toEqual(places.map((at) => `ISM0844 spec.routes.rules[${at}].redirect`));
  });

  it('take redirects that end, leave the host, or need another method', () => {
    const away = { name: 'a', redirect: { host: 'other.example' } };
    const chain = [
      { name: 'a', matches: [path('EXACT', '/a')], redirect: { path: '/b' } },
      { name: 'b', matches: [path('EXACT', '/b')], redirect: { path: '/c' } },
    ];
    const narrowed = [
      { name: 'a', matches: [path('PREFIX', '/a')], redirect: { path: '/a/b' } },
      { name: 'b', matches: [path('PREFIX', '/a/b')] },
    ];
    const posts = { name: 'a', matches: [{ ...path('EXACT', '/b'), method: 'POST' }], redirect: { path: '/a' } };
    const back = { name: 'b', matches: [path('EXACT', '/a')], redirect: { path: '/b' } };
    for (const rules of [[away], chain, narrowed]) expect(faults(routes(...rules))).toEqual([]);
    expect(faults(routes(posts, back))).toEqual(['ISM0844 spec.routes.rules[0].redirect']);
  });

  it.each([
    [{}, {}],
    [path('PREFIX', '/a'), path('PREFIX', '/a/')],
    [path('REGEX', '/a.*'), path('REGEX', '/.*b')],
    [{ headers: [{ name: 'X', value: '1' }] }, { headers: [{ name: 'y', value: '1' }] }],
    [{ sourceClusters: ['a', 'b'] }, { sourceClusters: ['b'] }],
  ])('tell of a tie of %j and %j', (one, other) => {
    expect(faults(routes({ name: 'a', matches: [one] }, { name: 'b', matches: [other] }))).toEqual([
      'ISM0847 spec.routes.rules[1]',
    ]);
  });

  it.each([
    [{}, { method: 'GET' }],
    [{ method: 'PUT' }, { method: 'GET' }],
    [path('EXACT', '/a'), path('PREFIX', '/a')],
    [path('PREFIX', '/a'), path('PREFIX', '/b')],
    [{ headers: [{ name: 'X', value: '1' }] }, { headers: [{ name: 'x', value: '2' }] }],
    [{ queryParams: [{ name: 'x', value: '1' }] }, { queryParams: [{ name: 'x', value: '2' }] }],
    [{ sourceClusters: ['a'] }, { sourceClusters: ['b'] }],
    [{ sourceNamespaces: ['a'] }, { sourceNamespaces: ['b'] }],
  ])('see no tie of %j and %j', (one, other) => {
    expect(faults(routes({ name: 'a', matches: [one] }, { name: 'b', matches: [other] }))).toEqual([]);
  });
});
