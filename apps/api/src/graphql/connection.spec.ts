import { expect, it } from 'vitest';
import { pageOf, pageRequest } from './connection.js';

it.each([-1, 1_000_001, 0.5])('refuses to pass over %s items, as the caller’s fault', (offset) => {
  expect(() => pageRequest({ offset })).toThrow(
    expect.objectContaining({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining('offset must be'),
    }),
  );
});

it.each([0, 101])('refuses a page of %s', (first) => {
  expect(() => pageRequest({ first })).toThrow('first must be 1 to 100');
});

it('asks the store for what was given, and for nothing that was not', () => {
  expect(pageRequest({})).toEqual({ first: 20 });
  expect(pageRequest({ first: 100, after: 'a', offset: 0 })).toEqual({ first: 100, after: 'a' });
  expect(pageRequest({ first: 1, offset: 1_000_000 })).toEqual({ first: 1, offset: 1_000_000 });
});

it('cuts lists in memory after a cursor and what is passed over', () => {
  const list = ['a', 'b', 'c', 'd', 'e'];
  const page = (args: object) => pageOf(list, (one) => one, args);
  const records = (args: object) => page(args).records;
  const after = page({ first: 1 }).cursorAt(0);
  expect(records({ first: 2, offset: 3 })).toEqual(['d', 'e']);
  expect(records({ first: 2, after, offset: 1 })).toEqual(['c', 'd']);
  expect(page({ first: 2, offset: 3 })).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect(page({ first: 2, after, offset: 1 })).toMatchObject({ hasNextPage: true });
  expect(page({ first: 2, offset: 5 })).toMatchObject({ records: [], hasNextPage: false });
});
