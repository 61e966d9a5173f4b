import type { DeltaPart, GatewayMessageOf } from './gateway-messages.js';
import { PART_BYTES } from './limits.js';
import type { WireEntry } from './schemas.js';
import { lineKey } from './schemas.js';
import type { Statement } from './statement.js';

/** A delta as the tree library makes it, without its target root (the statement has that). */
export interface WireDelta {
  from: string;
  put: readonly WireEntry[];
  remove: readonly string[];
}

/** Cuts a delta into parts of about `bytes`; at least one part, in the order of the delta. An entry is never cut. */
export function splitDelta(delta: WireDelta, bytes = PART_BYTES): DeltaPart[] {
  const parts: DeltaPart[] = [];
  let current: DeltaPart = { from: delta.from, put: [], remove: [] };
  let size = 0;
  const room = (cost: number): DeltaPart => {
    if (size > 0 && size + cost > bytes) {
      parts.push(current);
      current = { from: delta.from, put: [], remove: [] };
      size = 0;
    }
    size += cost;
    return current;
  };
  for (const entry of delta.put) room(entry.body.length + entry.name.length + 100).put.push(entry);
  for (const name of delta.remove) room(name.length + 4).remove.push(name);
  parts.push(current);
  return parts;
}

/** Frame text around a part that was serialised once for every agent that goes the same way. */
export function syncFrame(
  head: { id: number; statement: Statement; signature: string },
  at: { part: number; parts: number },
  deltaText: string,
): string {
  const opening = JSON.stringify({ type: 'sync', ...head, ...at });
  return `${opening.slice(0, -1)},"delta":${deltaText}}`;
}

/** A whole delta, put together again from its parts. */
export interface AssembledSync {
  statement: Statement;
  signature: string;
  delta: { from: string; put: WireEntry[]; remove: string[] };
}

/** Puts parts together, one sync a line at a time. A part out of order drops what was collected for that line. */
export interface SyncAssembler {
  add(part: GatewayMessageOf<'sync'>): AssembledSync | 'incomplete' | 'out-of-order';
}

interface Collected {
  id: number;
  next: number;
  sync: AssembledSync;
}

/** Makes an empty assembler; make a new one for each stream. */
export function createSyncAssembler(): SyncAssembler {
  const lines = new Map<string, Collected>();
  return {
    add(part) {
      const key = lineKey(part.statement);
      const collected = part.part === 0 ? begin(part) : lines.get(key);
      lines.delete(key);
      if (collected === undefined || !follows(part, collected)) return 'out-of-order';
      for (const entry of part.delta.put) collected.sync.delta.put.push(entry);
      for (const name of part.delta.remove) collected.sync.delta.remove.push(name);
      if (part.part + 1 >= part.parts) return collected.sync;
      lines.set(key, { ...collected, next: part.part + 1 });
      return 'incomplete';
    },
  };
}

function follows(part: GatewayMessageOf<'sync'>, { id, next, sync }: Collected): boolean {
  return id === part.id && next === part.part && sync.delta.from === part.delta.from;
}

function begin({ id, statement, signature, delta }: GatewayMessageOf<'sync'>): Collected {
  return { id, next: 0, sync: { statement, signature, delta: { from: delta.from, put: [], remove: [] } } };
}
