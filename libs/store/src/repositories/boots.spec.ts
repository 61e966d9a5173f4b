import { describe, expect, it } from 'vitest';
import { noteBoot } from './boots.js';
import type { BootHistory } from './boots.js';

/** Whether each of the processes, in turn, is taken for one of two. */
function judge(...boots: string[]): boolean[] {
  let known: BootHistory | undefined;
  return boots.map((boot) => {
    const { history, isDoubled } = noteBoot(known, boot);
    known = history;
    return isDoubled;
  });
}

describe('the processes that speak for a cluster', () => {
  it('are two when both come back in turns', () => {
    expect(judge('a', 'b', 'a', 'b')).toEqual([false, false, false, true]);
    expect(judge('a', 'b', 'c', 'a', 'b')).toEqual([false, false, false, false, true]);
  });

  it('are one that restarts, reconnects, or came back a single time', () => {
    expect(judge('a', 'a', 'b', 'b', 'c', 'd', 'd')).not.toContain(true);
    expect(judge('x', 'y', 'x', 'x', 'z')).not.toContain(true);
  });

  it('are remembered in a bounded number', () => {
    let known: BootHistory | undefined;
    for (let boot = 0; boot < 100; boot += 1) known = noteBoot(known, String(boot)).history;
    expect(known?.earlier).toHaveLength(32);
  });
});
