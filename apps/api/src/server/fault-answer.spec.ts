import { expect, it } from 'vitest';
import { faultAnswer } from './fault-answer.js';

it('sends callers away for a moment while the database is, and says of other faults only their number', () => {
  const away = Object.assign(new Error('secret'), { code: 'ECONNREFUSED' });
  expect(faultAnswer(away, 'r1')).toMatchObject({
    status: 503,
    retryAfter: '1',
    body: { code: 'UNAVAILABLE', requestId: 'r1' },
  });
  expect(faultAnswer(new Error('secret'), 'r1')).toMatchObject({
    status: 500,
    retryAfter: undefined,
    body: { code: 'INTERNAL' },
  });
  for (const error of [away, new Error('secret'), undefined])
    expect(JSON.stringify(faultAnswer(error, 'r1'))).not.toContain('secret');
});
