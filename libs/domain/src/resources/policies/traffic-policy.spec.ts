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
    [{ outlierDetection: { consecutiveGatewayErrors: 0 } }, 'ISM0853 spec.outlierDetection'],
    [{ outlierDetection: { maxEjectionPercent: 99 } }, 'ISM0853 spec.outlierDetection.maxEjectionPercent'],
    [{ connectionPool: { maxConnections: 0 } }, 'ISM0016 spec.connectionPool.maxConnections'],
  ])('tells of %j', (blocks, fault) => {
    expect(faults(blocks)).toEqual([fault]);
  });

  it('takes what counts something and may leave everybody out', () => {
    expect(faults({ outlierDetection: { maxEjectionPercent: 100, consecutiveLocalOriginFailures: 1 } })).toEqual([]);
    expect(faults({ outlierDetection: { consecutiveGatewayErrors: 0, consecutive5xxErrors: 1 } })).toEqual([]);
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
