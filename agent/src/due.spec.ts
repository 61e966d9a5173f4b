import { describe, expect, it } from 'vitest';
import { Due } from './due.js';

const nothing = { inventory: false, drift: false, objects: new Set() };

describe('what a round has to look at', () => {
  it('is everything at first, and nothing right after', () => {
    const due = new Due();
    expect(due.take(0)).toEqual({ ...nothing, inventory: true, drift: true });
    expect(due.take(1)).toEqual(nothing);
  });

  it('is what hints name, once; without a hint it is everything', () => {
    const due = new Due();
    due.take(0);
    due.note({ what: 'object', key: 'a' });
    due.note({ what: 'object', key: 'b' });
    expect(due.take(1)).toEqual({ ...nothing, objects: new Set(['a', 'b']) });
    due.note({ what: 'inventory' });
    expect(due.take(2)).toEqual({ ...nothing, inventory: true });
    due.note();
    expect(due.take(3)).toEqual({ ...nothing, inventory: true, drift: true });
    expect(due.take(4)).toEqual(nothing);
  });

  it('is the inventory after 30 s and every object after 60 s although nothing was heard', () => {
    const due = new Due();
    due.take(0);
    expect(due.take(29_999)).toEqual(nothing);
    expect(due.take(30_000)).toEqual({ ...nothing, inventory: true });
    expect(due.take(59_999)).toEqual(nothing);
    expect(due.take(60_000)).toEqual({ ...nothing, inventory: true, drift: true });
  });
});
