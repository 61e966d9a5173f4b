import { ANNOTATIONS, sha256Hex, type KubeObject } from '@isthmus/domain';
import type { RenderResult } from './renderer.js';

/** JSON with sorted keys and without undefined fields; unlike the canonical form of trees it keeps empty objects, zeros and any key. */
export function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? listJson(value) : mappingJson(value as Record<string, unknown>);
}

function listJson(items: readonly unknown[]): string {
  let text = '';
  for (const item of items) text += `${text === '' ? '[' : ','}${sortedJson(item)}`;
  return text === '' ? '[]' : `${text}]`;
}

/** Texts sort by code unit where no comparison is given. */
function mappingJson(fields: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field !== undefined) text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${sortedJson(field)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** SHA-256, in lower-case hex, of an object's sorted JSON without the annotation that carries this very hash. */
export function contentHash(object: KubeObject): string {
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(
    ([key]) => key !== ANNOTATIONS.contentHash,
  );
  const metadata = {
    ...object.metadata,
    annotations: annotations.length === 0 ? undefined : Object.fromEntries(annotations),
  };
  return sha256Hex(sortedJson({ ...object, metadata }));
}

/** Content hash of an object that was rendered here: what it says of itself, which is true of nothing that was read from somewhere. */
export function renderedHash(object: KubeObject): string {
  return object.metadata.annotations?.[ANNOTATIONS.contentHash] ?? contentHash(object);
}

/**
 * The object with its own content hash in an annotation. `Object.assign` and no spread: where a literal adds a field to what it
 * spreads, V8 gives each result a hidden class of its own, which is larger than the annotations, and rendered objects live long.
 */
export function withContentHash(object: KubeObject): KubeObject {
  const annotations = Object.assign({}, object.metadata.annotations, {
    [ANNOTATIONS.contentHash]: contentHash(object),
  });
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The result with a content hash in each of its objects. */
export function withContentHashes(result: RenderResult): RenderResult {
  const objects = result.objects.map((one) => ({ ...one, object: withContentHash(one.object) }));
  return { ...result, objects };
}
