import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadPayloadError, defineJob, parseIds } from './index.js';

const job = defineJob('compile-gns', ['org', 'gns']);

describe('defineJob', () => {
  it.each(['Compile', 'a b', '', 'a:b', '1st'])('refuses the name %j', (name) => {
    expect(() => defineJob(name, ['gns'])).toThrow('kebab-case');
  });
});

describe('parseIds', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'org'],
    ['a list', ['org', 'gns']],
    ['a missing id', { org: 'a' }],
    ['an empty id', { org: 'a', gns: '' }],
    ['an id of 513 characters', { org: 'a', gns: 'x'.repeat(513) }],
    ['a number', { org: 'a', gns: 1 }],
    ['more than the ids', { org: 'a', gns: 'b', spec: '{}' }],
    ['an inherited id', Object.create({ org: 'a', gns: 'b' })],
  ])('refuses %s', (_name, payload) => {
    expect(() => parseIds(job, payload)).toThrow(BadPayloadError);
  });

  it('takes exactly the ids, also of 512 characters', () => {
    const ids = { org: 'a', gns: 'x'.repeat(512) };
    expect(parseIds(job, ids)).toEqual(ids);
  });

  it('never throws anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        try {
          parseIds(job, payload);
        } catch (error) {
          expect(error).toBeInstanceOf(BadPayloadError);
        }
      }),
    );
  });
});
