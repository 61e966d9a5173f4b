import { describe, expect, it } from 'vitest';
import { agoText, instantText } from './times.js';

describe('times', () => {
  it.each([
    [0, 'now'],
    [59, '59 seconds ago'],
    [60, '1 minute ago'],
    [3599, '59 minutes ago'],
    [3600, '1 hour ago'],
    [86_399, '23 hours ago'],
    [86_400, 'yesterday'],
    [172_800, '2 days ago'],
    [-120, 'in 2 minutes'],
  ])('say of %i seconds: %s', (seconds, text) => {
    expect(agoText(seconds)).toBe(text);
  });

  it('name the zone where it is not the local one', () => {
    expect(instantText('2026-03-01T23:30:00Z', 'utc')).toBe('1 Mar 2026, 23:30:00 UTC');
    expect(instantText('2026-03-01T23:30:00Z', 'local')).not.toContain('UTC');
  });
});
