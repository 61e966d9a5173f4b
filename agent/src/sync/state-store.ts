import type { TreeEntry } from '@isthmus/domain';
import type { Position, Statement } from '@isthmus/protocol';

/** A line as it was last accepted: the signed position and the bodies under it. */
export interface StoredLine {
  position: Position;
  statement: Statement;
  signature: string;
  entries: TreeEntry[];
}

/**
 * Home of the last good bundle. It heals drift while the centre is away and is never trusted over the fence in the cluster's record:
 * losing it costs one full sync, nothing else.
 */
export interface StateStore {
  load(): Promise<StoredLine[]>;
  save(line: StoredLine): Promise<void>;
  remove(position: { gns: string; line: string }): Promise<void>;
}

/** The bundle in memory, for simulations: it survives an agent that is made anew over it. */
export function memoryStateStore(): StateStore {
  const lines = new Map<string, StoredLine>();
  return {
    load: () => Promise.resolve([...lines.values()]),
    save: (line) => {
      lines.set(`${line.position.gns}/${line.position.line}`, line);
      return Promise.resolve();
    },
    remove: ({ gns, line }) => {
      lines.delete(`${gns}/${line}`);
      return Promise.resolve();
    },
  };
}
