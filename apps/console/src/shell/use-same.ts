import { useCallback, useMemo, useRef, useState } from 'react';

/** The value that was there before, if the new one says the same: what is made of it is not made again. */
export function useSame<T>(value: T): T {
  const text = useMemo(() => JSON.stringify(value), [value]);
  const [kept, setKept] = useState({ value, text });
  if (kept.text === text) return kept.value;
  setKept({ value, text });
  return value;
}

/** One function for as long as the view is there, which does what the newest one does: to be handed to what shall not be drawn again. */
export function useSteady<A extends unknown[]>(act: (...given: A) => void): (...given: A) => void {
  const newest = useRef(act);
  newest.current = act;
  return useCallback((...given: A) => newest.current(...given), []);
}
