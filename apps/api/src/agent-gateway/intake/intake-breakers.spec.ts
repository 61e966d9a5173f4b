import { manualClock } from '@isthmus/platform';
import { expect, it } from 'vitest';
import { createIntakeBreakers } from './intake-breakers.js';

it('deletions of earlier streams count for ten minutes, and only for their cluster', () => {
  const clock = manualClock();
  const breakers = createIntakeBreakers(clock);
  expect(breakers.of('east')(20, 100)).toBe(true);
  expect(breakers.of('east')(5, 80)).toBe(false);
  expect(breakers.of('west')(5, 80)).toBe(true);
  clock.advance(599_999);
  expect(breakers.of('east')(5, 80)).toBe(false);
  clock.advance(1);
  expect(breakers.of('east')(5, 80)).toBe(true);
});
