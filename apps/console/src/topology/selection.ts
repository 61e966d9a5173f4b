/** What is selected in a graph: each node hears of its own change alone, so that a selection draws two nodes, not all. */
export interface Selection {
  subscribe: (changed: () => void) => () => void;
  has: (id: string) => boolean;
  set: (id: string | undefined) => void;
}

/** A selection of nothing. */
export function createSelection(): Selection {
  const listeners = new Set<() => void>();
  let selected: string | undefined;
  return {
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    has: (id) => id === selected,
    set: (id) => {
      selected = id;
      for (const changed of listeners) changed();
    },
  };
}
