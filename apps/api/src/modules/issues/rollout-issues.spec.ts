import { describe, expect, it } from 'vitest';
import { rolloutIssues } from './rollout-issues.js';

const GNS = { kind: 'GlobalNamespace', name: 'shop' };
const NAMES = new Map([
  ['u1', 'east'],
  ['u2', 'west'],
]);
const of = (rollout: Parameters<typeof rolloutIssues>[0]['rollout']): string[] =>
  rolloutIssues({ rollout }, GNS, (uid) => NAMES.get(uid)).map(
    ({ code, cluster, message }) => `${code} ${cluster ?? ''}: ${message}`,
  );

describe('what is told of a change in steps', () => {
  it('is nothing without one, of callers that are waited for, and of clusters that the viewer may not know', () => {
    expect(of(undefined)).toEqual([]);
    expect(of({ step: 'switch', awaits: [{ cluster: 'u1' }], callers: [], missed: [] })).toEqual([]);
    expect(of({ step: 'expand', awaits: [{ cluster: 'u3', until: 0 }], callers: [], missed: ['u3'] })).toEqual([]);
  });

  it('is each owner that is waited for, until when, and each that was not any longer', () => {
    const rollout = {
      step: 'expand' as const,
      awaits: [{ cluster: 'u1', until: 30_000 }],
      callers: [],
      missed: ['u2'],
    };
    expect(of(rollout)).toEqual([
      'ISM0448 east: routes wait until east has confirmed what they begin to name, at most until 1970-01-01T00:00:30.000Z',
      'ISM0449 west: routes name versions of west, which has not confirmed that it knows them',
    ]);
  });
});
