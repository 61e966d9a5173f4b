import { objectKey } from '@isthmus/domain';
import type { KubeObject, KubeObjectRef } from '@isthmus/domain';

const keys = new WeakMap<KubeObject | KubeObjectRef, string>();

/** The key of an object that stays the same through many rounds, made once. */
export function keyOf(object: KubeObject | KubeObjectRef): string {
  const known = keys.get(object);
  if (known !== undefined) return known;
  const key = objectKey(object);
  keys.set(object, key);
  return key;
}
