import { describe, expect, it } from 'vitest';
import { failureOf } from './failures.js';

const kindOf = (status: number, body: unknown = {}): string => failureOf({ status, body }).kind;

describe('failures', () => {
  it('takes what it does not know for transient', () => {
    expect([429, 500, 502, 503, 504, 599].map((status) => kindOf(status, 'upstream'))).toEqual(
      Array(6).fill('transient'),
    );
  });

  it('looks behind the status code', () => {
    expect(kindOf(409, { reason: 'AlreadyExists' })).toBe('alreadyExists');
    expect(kindOf(409, { reason: 'Conflict' })).toBe('conflict');
    expect(kindOf(404, '404 page not found')).toBe('notServed');
    expect(kindOf(404, { details: { name: 'x', kind: 'configmaps' } })).toBe('notFound');
    expect(kindOf(403, { message: 'unable to create because it is being terminated' })).toBe('transient');
    expect(kindOf(403, { message: 'may not' })).toBe('forbidden');
    expect(kindOf(422, { details: { causes: [{ field: 'metadata.uid' }] } })).toBe('conflict');
    expect(kindOf(422, { details: { causes: [{ field: 'spec.x' }] } })).toBe('invalid');
    expect(kindOf(500, { message: '.spec.x: field not declared in schema' })).toBe('invalid');
    expect(kindOf(410)).toBe('gone');
  });

  it('stays away as long as asked, within a minute', () => {
    expect(failureOf({ status: 429, retryAfter: '2', body: '' }).retryAfterMs).toBe(2000);
    expect(failureOf({ status: 429, retryAfter: '9999', body: '' }).retryAfterMs).toBe(60_000);
    expect(failureOf({ status: 503, body: '' }).retryAfterMs).toBeUndefined();
  });

  it('names the manager that holds a field', () => {
    const causes = [
      { reason: 'FieldManagerConflict', message: 'conflict with "argocd" using v1', field: '.spec.hosts' },
    ];
    expect(failureOf({ status: 409, body: { details: { causes } } }).conflicts).toEqual([
      { manager: 'argocd', field: '.spec.hosts' },
    ]);
  });
});
