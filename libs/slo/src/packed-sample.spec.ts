import { describe, expect, it } from 'vitest';
import { packSample, unpackSample } from './packed-sample.js';

describe('unpacking a sample', () => {
  it.each([
    ['nothing', null],
    ['a text', 'host'],
    ['no host', { total: 1, errors: 0 }],
    ['an empty host', { host: '', total: 1, errors: 0 }],
    ['a negative count', { host: 'h', total: -1, errors: 0 }],
    ['a count that is none', { host: 'h', total: Number.NaN, errors: 0 }],
    ['more errors than requests', { host: 'h', total: 1, errors: 2 }],
    ['bounds without counts', { host: 'h', total: 1, errors: 0, bounds: [1] }],
    ['bounds that fall', { host: 'h', total: 1, errors: 0, bounds: [2, 1], counts: [1, 1, 1] }],
    ['counts that are texts', { host: 'h', total: 1, errors: 0, bounds: [1], counts: ['1', '2'] }],
  ])('refuses %s', (_what, packed) => expect(unpackSample(packed)).toBeUndefined());

  it('gives back what was packed', () => {
    const plain = { host: 'reviews.bookinfo.global', total: 12, errors: 3 };
    const full = { ...plain, durations: { bounds: [1, 5], counts: [4, 4, 4] } };
    expect(unpackSample(packSample(plain))).toEqual(plain);
    expect(unpackSample(packSample(full))).toEqual(full);
  });

  it('ignores fields of a newer agent', () => {
    expect(unpackSample({ host: 'h', total: 1, errors: 0, more: 'x' })).toEqual({ host: 'h', total: 1, errors: 0 });
  });
});

describe('packing a sample', () => {
  it('keeps thousandths of requests', () => {
    expect(packSample({ host: 'h', total: 10.12345, errors: 0.9999 })).toEqual({ host: 'h', total: 10.123, errors: 1 });
  });
});
