import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeSignal } from './change-signal.js';

describe('the signal of changes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('passes the first at once, and a flood once in a while, the last included', () => {
    const signal = new ChangeSignal<number>(1000);
    const heard = vi.fn();
    const stop = signal.listen(heard);
    signal.note(1);
    expect(heard.mock.calls).toEqual([[new Set([1])]]);
    for (let index = 0; index < 100; index += 1) signal.note(index % 3);
    vi.advanceTimersByTime(999);
    expect(heard).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(heard.mock.calls[1]).toEqual([new Set([0, 1, 2])]);
    vi.advanceTimersByTime(5000);
    expect(heard).toHaveBeenCalledTimes(2);
    stop();
    signal.note(4);
    expect(heard).toHaveBeenCalledTimes(2);
    signal.close();
  });
});
