import { lineKey } from '@isthmus/protocol';
import { GOING, PENDING } from '../../apply/owned-set.js';
import type { OwnedObject } from '../cluster-port.js';
import { HEAD, type RecordPart } from './record-shards.js';

/** When a part of the record has to be written. */
export type PartChange = 'none' | 'later' | 'now';

/**
 * Compares a part with what is stored of it. Names, uids and fences are what must not be lost: now. A hash of an object that is there
 * already may come later, and so may fences in the head, since they stand in its copy first.
 */
export function changeOf(name: string, stored: RecordPart | undefined, wanted: RecordPart): PartChange {
  if (stored === undefined) return 'now';
  const contents = contentsChange(name, stored, wanted);
  const owned = ownedChange(stored.owned, wanted.owned);
  if (contents === 'now' || owned === 'now') return 'now';
  return contents === 'none' && owned === 'none' ? 'none' : 'later';
}

function contentsChange(name: string, stored: RecordPart, wanted: RecordPart): PartChange {
  if (JSON.stringify(stored.contents) === JSON.stringify(wanted.contents)) return 'none';
  const isSameParts = stored.contents?.parts.join() === wanted.contents?.parts.join();
  return name === HEAD && isSameParts && !isLineGone(stored, wanted) ? 'later' : 'now';
}

/** Head and copy are read together, so a line that is to be forgotten must go from both. */
function isLineGone(stored: RecordPart, wanted: RecordPart): boolean {
  const lines = new Set(wanted.contents?.fences.map(lineKey));
  return stored.contents?.fences.some((fence) => !lines.has(lineKey(fence))) ?? false;
}

function ownedChange(stored: readonly OwnedObject[], wanted: readonly OwnedObject[]): PartChange {
  if (stored.length !== wanted.length) return 'now';
  let change: PartChange = 'none';
  for (const [index, before] of stored.entries()) {
    const after = wanted[index];
    if (before === after) continue;
    if (after === undefined || !isSameObject(before, after)) return 'now';
    if (before.hash !== after.hash) change = 'later';
  }
  return change;
}

/** A field that is new must say here that it may not wait, or be thought about. */
const AT_ONCE: Readonly<Record<Exclude<keyof OwnedObject, 'hash'>, true>> = {
  ...{ apiVersion: true, kind: true, namespace: true, name: true },
  ...{ gns: true, side: true, order: true, host: true, uid: true },
};
const NAMED = Object.keys(AT_ONCE) as (keyof typeof AT_ONCE)[];

/** The same but for its hash. What was never written has none and gets one with its uid; that an object is going is known before it is gone. */
function isSameObject(before: OwnedObject, after: OwnedObject): boolean {
  if (isHash(before) !== isHash(after)) return false;
  return NAMED.every((field) => before[field] === after[field]);
}

function isHash({ hash }: OwnedObject): boolean {
  return hash !== PENDING && hash !== GOING;
}
