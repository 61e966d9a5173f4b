import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullJitter } from './backoff.js';
import { isDirect, proxyFor } from './proxy.js';

describe('the wait before a dial', () => {
  it('is never above a ceiling that doubles up to the cap, and starts again after a reset', () => {
    const always = fullJitter({ baseMs: 100, capMs: 500, random: () => 0.999_999 });
    expect([1, 2, 3, 4, 5].map(() => always.next())).toEqual([99, 199, 399, 499, 499]);
    always.reset();
    expect(always.next()).toBe(99);
  });

  it('is spread over the whole range, from nothing on', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (value) => {
        const backoff = fullJitter({ baseMs: 1000, capMs: 1000, random: () => value });
        expect(backoff.next()).toBe(Math.floor(value * 1000));
      }),
    );
  });
});

describe('the proxy', () => {
  it.each([
    ['gateway.example.com', 'example.com', true],
    ['gateway.example.com', '.example.com', true],
    ['gateway.example.com', '*.example.com', true],
    ['GATEWAY.example.com', 'gateway.EXAMPLE.com', true],
    ['gateway.example.com', '*', true],
    ['badexample.com', 'example.com', false],
    ['example.com.evil.org', 'example.com', false],
    ['gateway.example.com', '', false],
    ['gateway.example.com', ' , other.org', false],
  ])('for %s with NO_PROXY %j is left out: %s', (host, noProxy, direct) => {
    expect(isDirect(host, noProxy)).toBe(direct);
  });

  it('is used only if one is named', () => {
    expect(proxyFor('https://gateway:4443', {})).toBeUndefined();
    expect(proxyFor('https://gateway:4443', { httpsProxy: '' })).toBeUndefined();
    expect(proxyFor('https://gateway:4443', { httpsProxy: 'http://proxy:3128', noProxy: 'gateway' })).toBeUndefined();
    expect(proxyFor('https://gateway:4443', { httpsProxy: 'http://proxy:3128' })).toBeDefined();
  });
});
