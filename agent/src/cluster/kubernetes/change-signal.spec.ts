import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeSignal } from './change-signal.js';

describe('the signal of changes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('passes the first at once, and a flood once in a while, the last included', () => {
    const signal = new ChangeSignal(1000);
    const heard = vi.fn();
    const stop = signal.listen(heard);
    signal.note();
    expect(heard).toHaveBeenCalledTimes(1);
    for (let index = 0; index < 100; index += 1) signal.note();
    vi.advanceTimersByTime(999);
    expect(heard).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(heard).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5000);
    expect(heard).toHaveBeenCalledTimes(2);
    stop();
    signal.note();
    expect(heard).toHaveBeenCalledTimes(2);
    signal.close();
  });
});
