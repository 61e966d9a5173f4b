import { describe, expect, it } from 'vitest';
import { isDirect, proxyFor } from './proxy.js';

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
    ['gateway.example.com', 'example.com:4443', true],
    ['gateway.example.com', 'example.com:443', false],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '2.3', false],
    ['10.1.2.3', '10.0.0.0/33', false],
    ['gateway.example.com', '0.0.0.0/0', false],
    ['[2001:db8::7]', '2001:db8::/32', true],
    ['[2001:db9::7]', '2001:db8::/32', false],
    ['[2001:db8::7]', '[2001:db8::7]:4443', true],
  ])('for %s with NO_PROXY %j is left out: %s', (host, noProxy, direct) => {
    expect(isDirect({ host, port: 4443 }, noProxy)).toBe(direct);
  });

  it('is used only if one is named', () => {
    expect(proxyFor('https://gateway:4443', {})).toBeUndefined();
    expect(proxyFor('https://gateway:4443', { httpsProxy: '' })).toBeUndefined();
    expect(proxyFor('https://gateway:4443', { httpsProxy: 'http://proxy:3128', noProxy: 'gateway' })).toBeUndefined();
    expect(proxyFor('https://gateway:4443', { httpsProxy: 'http://proxy:3128' })).toBeDefined();
  });
});
