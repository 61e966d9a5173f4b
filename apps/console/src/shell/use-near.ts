import { useCallback, useRef, useState, type RefObject } from 'react';

/** How far from what is seen something is near still. */
const NEAR_PX = 600;

interface Near<E extends HTMLElement> {
  /** For the element. */
  ref: (node: E | null) => () => void;
  element: RefObject<E | null>;
  /** True while it is seen or near that, or has the focus. */
  isNear: boolean;
}

/** Tells whether an element is near what is seen. `first`: until that is known. */
export function useNear<E extends HTMLElement>(first: boolean): Near<E> {
  const [isNear, setNear] = useState(first);
  const element = useRef<E | null>(null);
  const ref = useCallback((node: E | null) => {
    element.current = node;
    if (node === null) return () => undefined;
    const see = (entries: IntersectionObserverEntry[]): void => {
      const last = entries.at(-1);
      if (last !== undefined) setNear(last.isIntersecting || node.contains(document.activeElement));
    };
    const rootMargin = `${String(NEAR_PX)}px 0px`;
    const observer = new IntersectionObserver(see, { root: scrollingAround(node), rootMargin });
    observer.observe(node);
    return () => {
      observer.disconnect();
      element.current = null;
    };
  }, []);
  return { ref, element, isNear };
}

/** What scrolls an element; null: the page. */
function scrollingAround(element: HTMLElement): HTMLElement | null {
  for (let around = element.parentElement; around !== null; around = around.parentElement)
    if (/auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  return null;
}
