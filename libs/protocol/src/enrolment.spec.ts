import { describe, expect, it } from 'vitest';
import { identityUri, parseIdentityUri } from './enrolment.js';

describe('parseIdentityUri', () => {
  it.each([
    'spiffe://org/a/cluster/b',
    'isthmus://org/a/cluster/b/c',
    'isthmus://org/a/cluster/',
    'isthmus://org/a/cluster/b?x=1',
    'isthmus://org//cluster/b',
    ' isthmus://org/a/cluster/b',
    'isthmus://org/a/cluster/b\n',
  ])('refuses %j', (uri) => {
    expect(parseIdentityUri(uri)).toBeUndefined();
  });

  it('reads what identityUri wrote', () => {
    expect(parseIdentityUri(identityUri({ org: 'default', cluster: '0190-a' }))).toEqual({
      org: 'default',
      cluster: '0190-a',
    });
  });
});
