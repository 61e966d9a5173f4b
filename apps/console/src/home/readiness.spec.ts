import { describe, expect, it } from 'vitest';
import { causeOf, isReady, isUnmeasured } from './readiness.js';

const condition = (type: string, status: 'TRUE' | 'FALSE' | 'UNKNOWN', reason = 'Because') => ({
  ...{ type, status, reason },
  message: `${type} is ${status}`,
});
const compiled = condition('Compiled', 'TRUE');
const unmeasured = condition('Healthy', 'UNKNOWN', 'NotMeasured');

describe('readiness', () => {
  it.each(['FALSE', 'UNKNOWN'] as const)(
    'is not given where something that was looked at is %s, which is named',
    (status) => {
      const conditions = [compiled, condition('Applied', status), condition('Valid', status), unmeasured];
      expect([isReady(conditions), causeOf(conditions)?.type]).toEqual([false, 'Applied']);
    },
  );

  it('is not given where health was measured and is bad', () => {
    expect(isReady([compiled, condition('Healthy', 'FALSE', 'Slow')])).toBe(false);
  });

  it('does not wait for what nobody measures, and says that nobody does', () => {
    const conditions = [compiled, unmeasured];
    expect([isReady(conditions), causeOf(conditions), isUnmeasured(conditions)]).toEqual([true, undefined, true]);
    expect(isUnmeasured([compiled])).toBe(false);
  });
});
