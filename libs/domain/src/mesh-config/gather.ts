import { byCodeUnit } from '../tree/canonical.js';
import type { MeshConfigObject, NamespaceMeshConfig } from './types.js';

/** Most objects of one namespace that are told. */
export const MAX_OBJECTS = 500;

/** Most characters of one namespace's objects, as JSON. */
export const MAX_CONFIG_CHARACTERS = 256 * 1024;

/**
 * The mesh configuration of one namespace, sorted; undefined if there is none. What is beyond the limits is counted and not told:
 * the same objects always leave out the same ones.
 */
export function gatherMeshConfig(found: readonly MeshConfigObject[]): NamespaceMeshConfig | undefined {
  if (found.length === 0) return undefined;
  const sorted = [...found].sort((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name));
  const objects: MeshConfigObject[] = [];
  let characters = 0;
  for (const object of sorted.slice(0, MAX_OBJECTS)) {
    characters += JSON.stringify(object).length;
    if (characters > MAX_CONFIG_CHARACTERS) break;
    objects.push(object);
  }
  const left = sorted.length - objects.length;
  return { objects, ...(left === 0 ? {} : { left }) };
}
