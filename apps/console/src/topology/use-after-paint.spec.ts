// @vitest-environment jsdom
import { renderHook, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useAfterPaint } from './use-after-paint.js';

it('is the value at first, stays that while a change is painted, and then is the newest one alone', async () => {
  const seen: string[] = [];
  const { rerender, result } = renderHook(
    ({ value }) => {
      const painted = useAfterPaint(value);
      seen.push(painted);
      return painted;
    },
    { initialProps: { value: 'a' } },
  );
  expect(result.current).toBe('a');
  rerender({ value: 'b' });
  rerender({ value: 'c' });
  expect(result.current).toBe('a');
  await waitFor(() => expect(result.current).toBe('c'));
  expect(seen).not.toContain('b');
});
