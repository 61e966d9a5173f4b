import { useEffect, useState } from 'react';

/** So many nodes are drawn within one frame of a slow machine. */
const STEP = 60;

/** How many of `all` are drawn: some at once, and as many more with every frame, so that no click waits for all of them. `of`: what they belong to. */
export function useGrowing(all: number, of: unknown): number {
  const [drawn, setDrawn] = useState({ of, count: STEP });
  const count = drawn.of === of ? drawn.count : STEP;
  useEffect(() => {
    if (count >= all) return undefined;
    const frame = requestAnimationFrame(() => setDrawn({ of, count: count + STEP }));
    return () => cancelAnimationFrame(frame);
  }, [all, of, count]);
  return Math.min(all, count);
}
