import { silentLogger } from '@isthmus/platform';
import { buildSchema, graphql, GraphQLError } from 'graphql';
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

it('says of a database that is away that it is worth another try, without what it said', () => {
  const starting = Object.assign(new Error('the database system is starting up; secret'), { code: '57P03' });
  expect(masked(starting)).toMatchObject({ extensions: { code: 'UNAVAILABLE', requestId: 'r1' } });
  expect(JSON.stringify(masked(starting))).not.toContain('secret');
});

const schema = buildSchema(
  'enum R { A } input I { name: String!, n: Int, r: R, l: [String!] } type Query { f(i: I): Int }',
);

it.each([
  [{ name: 'x', password: 'secret' }, '; Field "password" is not defined by type "I".'],
  [{ name: { a: 'secret' } }, ' at "i.name"; String cannot represent a non string value.'],
  [{ name: { a: 'secret" at "i.n"; secret: secret' } }, ' at "i.name"; String cannot represent a non string value.'],
  [{ name: 'x', n: 'secret' }, ' at "i.n"; Int cannot represent non-integer value.'],
  [{ name: 'x', r: 'secret' }, ' at "i.r"; The value does not exist in "R" enum.'],
  [{ name: 'x', l: ['secret', null] }, ' at "i.l[1]"; Expected non-nullable type "String!" not to be null.'],
  ['secret', '; Expected type "I" to be an object.'],
])('tells what is wrong with the variable %j without its value', async (i, said) => {
  const result = await graphql({ schema, source: 'query ($i: I) { f(i: $i) }', variableValues: { i } });
  const [error] = maskErrors(result, { requestId: 'r1', log: silentLogger() }).errors ?? [];
  expect(error?.message).toBe(`Variable "$i" got an invalid value${said}`);
  expect(JSON.stringify(error)).not.toContain('secret');
  expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', requestId: 'r1' });
});
