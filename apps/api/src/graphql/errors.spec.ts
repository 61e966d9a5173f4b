import { silentLogger } from '@isthmus/platform';
import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { maskErrors } from './errors.js';

const masked = (originalError: Error) =>
  maskErrors(
    { errors: [new GraphQLError(originalError.message, { originalError })] },
    {
      requestId: 'r1',
      log: silentLogger(),
    },
  ).errors?.[0];

it('tells a statement that took too long from a fault, and repeats nothing of either', () => {
  const late = Object.assign(new Error('canceling statement due to statement timeout; secret'), { code: '57014' });
  expect(masked(late)).toMatchObject({ extensions: { code: 'TIMEOUT', requestId: 'r1' } });
  expect(masked(new Error('secret'))).toMatchObject({ extensions: { code: 'INTERNAL', requestId: 'r1' } });
  for (const error of [late, new Error('secret')]) expect(JSON.stringify(masked(error))).not.toContain('secret');
});
