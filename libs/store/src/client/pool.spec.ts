import { describe, expect, it } from 'vitest';
import { beginText } from './pool.js';

describe('beginText', () => {
  it('takes the role but no organization when a transaction is begun outside of any', () => {
    expect(beginText(undefined)).toBe('BEGIN; SET LOCAL ROLE isthmus_app');
  });

  it('escapes the organization', () => {
    expect(beginText({ org: "o'x\\", isolation: 'REPEATABLE_READ' })).toBe(
      "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL ROLE isthmus_app; SELECT set_config('isthmus.org',  E'o''x\\\\', true)",
    );
  });
});
