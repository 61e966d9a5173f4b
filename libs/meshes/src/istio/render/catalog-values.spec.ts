import { describe, expect, it } from 'vitest';
import { isIpAddress, isLocality, isPort, isTrustDomain } from './catalog-values.js';

describe('an IP address', () => {
  it.each([
    '',
    '10.1.0',
    '10.1.0.256',
    '10.1.0.01',
    '10.1.0.9/32',
    '1::2::3',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    'fe80::1%eth0',
    '1:2:3',
    'ew.example.com',
    '10.1.0.9\n',
  ])('is not %j', (text) => expect(isIpAddress(text)).toBe(false));

  it.each(['0.0.0.0', '10.1.0.9', '255.255.255.255', '::', '::1', '2001:db8::9', '1:2:3:4:5:6:7:8', 'FE80::1'])(
    'is %s',
    (text) => expect(isIpAddress(text)).toBe(true),
  );
});

describe('other values of the catalog', () => {
  it('have limits on both sides', () => {
    expect([0, 1, 65_535, 65_536, 1.5, Number.NaN].map(isPort)).toEqual([false, true, true, false, false, false]);
    expect(
      ['', '/', 'a/', 'a/b/c/d', '../..', 'a b', 'a', 'a/b', 'us-east-1/us-east-1a/rack_1'].map(isLocality),
    ).toEqual([false, false, false, false, false, false, true, true, true]);
    expect(['', 'A', 'a/b', 'cluster.local', 'a_b'].map(isTrustDomain)).toEqual([false, false, false, true, true]);
  });
});
