import { describe, expect, it } from 'vitest';
import { errorCode, faultOf } from './errors.js';

describe('faultOf', () => {
  it.each([
    ['a bug', new Error('x is not a function')],
    ['a broken rule of the database', Object.assign(new Error('duplicate key'), { code: '23505' })],
    ['something that is no error', 'oops'],
    ['nothing', undefined],
    ['a transaction that took too long', Object.assign(new Error('Transaction already closed'), { code: 'P2028' })],
  ])('calls %s fatal', (_name, error) => {
    expect(faultOf(error)).toBe('fatal');
  });

  it.each([
    ['a serialization failure of pg', { code: '40001' }],
    ['a deadlock of pg', { code: '40P01' }],
    ['a write conflict of Prisma', { code: 'P2034' }],
    ['one inside a raw query', { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '40001' } } } }],
    [
      'one that only the adapter names',
      { code: 'P2010', meta: { driverAdapterError: { cause: { kind: 'TransactionWriteConflict' } } } },
    ],
  ])('calls %s a conflict', (_name, error) => {
    expect(faultOf(error)).toBe('conflict');
  });

  it.each([
    ['a refused connection', { code: 'ECONNREFUSED' }],
    ['a server that shuts down', { code: '57P01' }],
    ['a server that starts up', { code: '57P03' }],
    ['a broken protocol', { code: '08P01' }],
    ['a connection that ended', new Error('Connection terminated unexpectedly')],
    ['a database that Prisma cannot reach', { code: 'P1001' }],
    [
      'a pool without a free connection',
      Object.assign(new Error('Unable to start a transaction in the given time.'), { code: 'P2028' }),
    ],
  ])('calls %s a connection fault', (_name, error) => {
    expect(faultOf(error)).toBe('connection');
  });

  it('tells the code wherever it lies', () => {
    expect(errorCode({ code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '23514' } } } })).toBe(
      '23514',
    );
    expect(errorCode(new Error('plain'))).toBeUndefined();
  });
});
