import { describe, expect, it } from 'vitest';
import { createLiveView } from './live-view.js';

function record(isTTY: boolean) {
  const written: string[] = [];
  return { written, view: createLiveView({ isTTY, write: (text) => void written.push(text) }) };
}

describe('the live view', () => {
  it('prints nothing when nothing changed', () => {
    const { written, view } = record(false);
    view.show(['a']);
    view.show(['a']);
    expect(written).toEqual(['a\n']);
  });

  it('writes no control characters off a terminal', () => {
    const { written, view } = record(false);
    view.show(['a']);
    view.show(['b']);
    expect(written.join('')).toBe('a\nb\n');
  });

  it('redraws over what it drew on a terminal', () => {
    const { written, view } = record(true);
    view.show(['a', 'b']);
    view.show(['c']);
    expect(written[1]).toBe('\u001b[2A\u001b[0Jc\n');
  });
});
