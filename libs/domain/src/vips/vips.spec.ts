import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_VIP_CIDR, VipAllocator } from './allocate.js';
import { formatIpv4, parseCidr, parseIpv4, rangesOverlap } from './ipv4.js';

const inside = (address: string, cidr: string): boolean => {
  const [value, range] = [parseIpv4(address), parseCidr(cidr)];
  return value !== undefined && range !== undefined && value >= range.first && value <= range.last;
};

describe('IPv4 text', () => {
  it('refuses what is not exactly four octets without leading zeros', () => {
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.1.1.1',
      '1.1.1.-1',
      '1.1.1.1 ',
      '0x1.1.1.1',
      '1e1.1.1.1',
      '::1',
    ]) {
      expect(parseIpv4(text)).toBeUndefined();
    }
    expect(parseIpv4('255.255.255.255')).toBe(2 ** 32 - 1);
  });

  it('refuses ranges with host bits, without or with a wrong prefix', () => {
    for (const text of ['10.0.0.1/8', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/8/8', '10.0.0.0/', 'x/8']) {
      expect(parseCidr(text)).toBeUndefined();
    }
    expect(parseCidr('0.0.0.0/0')).toEqual({ first: 0, last: 2 ** 32 - 1, prefix: 0 });
    expect(parseCidr('10.0.0.4/32')).toEqual({ first: 167772164, last: 167772164, prefix: 32 });
  });

  it('reads back what it writes', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => parseIpv4(formatIpv4(value)) === value));
  });

  it('overlaps from both sides of a boundary', () => {
    const [a, b, c] = [parseCidr('10.0.0.0/25'), parseCidr('10.0.0.128/25'), parseCidr('10.0.0.0/24')];
    if (a === undefined || b === undefined || c === undefined) throw new Error('ranges parse');
    expect(rangesOverlap(a, b)).toBe(false);
    expect(rangesOverlap(a, c)).toBe(true);
    expect(rangesOverlap(c, b)).toBe(true);
  });
});

describe('allocation of virtual addresses', () => {
  it('gives nothing from an invalid range or a full one', () => {
    expect(new VipAllocator({ cidr: 'nonsense', taken: new Set() }).allocate('h')).toBeUndefined();
    const allocator = new VipAllocator({ cidr: '240.64.0.0/30', taken: new Set() });
    expect([allocator.allocate('a'), allocator.allocate('b')].sort()).toEqual(['240.64.0.1', '240.64.0.2']);
    expect(allocator.allocate('c')).toBeUndefined();
  });

  it('gives nothing from a range that is wholly reserved or avoided', () => {
    expect(new VipAllocator({ cidr: '240.240.7.0/24', taken: new Set() }).allocate('h')).toBeUndefined();
    expect(new VipAllocator({ cidr: '243.0.0.0/8', taken: new Set() }).allocate('h')).toBeUndefined();
    const avoid = ['10.0.0.0/25', '10.0.0.128/25'];
    expect(new VipAllocator({ cidr: '10.0.0.0/24', taken: new Set(), avoid }).allocate('h')).toBeUndefined();
  });

  it('steps over reserved ranges inside a wider one', () => {
    const allocator = new VipAllocator({ cidr: '240.0.0.0/8', taken: new Set() });
    for (let i = 0; i < 3000; i += 1) expect(inside(allocator.allocate(`h${i}`) ?? '', '240.240.0.0/16')).toBe(false);
  });

  it('gives the same host the same address in an empty range', () => {
    const first = new VipAllocator({ cidr: DEFAULT_VIP_CIDR, taken: new Set() }).allocate('reviews.bookinfo.global');
    expect(new VipAllocator({ cidr: DEFAULT_VIP_CIDR, taken: new Set() }).allocate('reviews.bookinfo.global')).toBe(
      first,
    );
  });

  it('never gives an address twice, nor a taken, network or broadcast one, and fills the range completely', () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 32 }), fc.array(fc.nat(255), { maxLength: 40 }), (prefix, holes) => {
        const cidr = `240.64.0.0/${prefix}`;
        const taken = new Set(holes.map((hole) => `240.64.0.${hole}`));
        const allocator = new VipAllocator({ cidr, taken });
        const given: string[] = [];
        for (let i = 0; i <= 256; i += 1) {
          const address = allocator.allocate(`h${i}`);
          if (address !== undefined) given.push(address);
        }
        expect(new Set(given).size).toBe(given.length);
        for (const address of given) expect(!taken.has(address) && inside(address, cidr)).toBe(true);
        const size = 2 ** (32 - prefix);
        const blocked = new Set([...taken].filter((address) => inside(address, cidr)));
        if (prefix <= 30) blocked.add('240.64.0.0').add(`240.64.0.${size - 1}`);
        expect(given.length).toBe(size - blocked.size);
      }),
      { numRuns: 50 },
    );
  });
});
