/** Whether the stream of changes is open; while it is not, what is shown may be old. */
export interface LinkState {
  isLost: () => boolean;
  set: (isLost: boolean) => void;
  subscribe: (listener: () => void) => () => void;
}

/** A state that begins as not lost: nothing was tried yet. */
export function createLinkState(): LinkState {
  const listeners = new Set<() => void>();
  let lost = false;
  return {
    isLost: () => lost,
    set: (isLost) => {
      if (lost === isLost) return;
      lost = isLost;
      listeners.forEach((listener) => listener());
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
