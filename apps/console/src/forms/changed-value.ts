import { isRecord, type Path } from './plain-text.js';

/** One change that a form makes of a document. */
export type Change =
  | { to: 'set'; path: Path; value: unknown; order?: readonly string[] | undefined }
  | { to: 'remove'; path: Path }
  | { to: 'move'; path: Path; by: 1 | -1 }
  | { to: 'rename'; path: Path; key: string };

type Raw = Record<string, unknown> | unknown[];

/** What a document says after a change; the argument stays as it is. */
export function changedValue(value: unknown, change: Change): unknown {
  const [step, ...rest] = change.path;
  if (step === undefined) return change.to === 'set' ? change.value : value;
  const copy = copyOf(value, typeof step === 'number');
  if (rest.length > 0) {
    put(copy, step, changedValue((copy as Record<string, unknown>)[step], { ...change, path: rest }));
    return copy;
  }
  return changedHere(copy, step, change);
}

function copyOf(value: unknown, isList: boolean): Raw {
  if (Array.isArray(value)) return [...(value as unknown[])];
  if (isRecord(value)) return { ...value };
  return isList ? [] : {};
}

function changedHere(copy: Raw, step: string | number, change: Change): Raw {
  switch (change.to) {
    case 'set':
      put(copy, step, change.value);
      return copy;
    case 'remove':
      return without(copy, step);
    case 'move':
      return Array.isArray(copy) ? moved(copy, Number(step), change.by) : copy;
    case 'rename':
      return renamed(copy, String(step), change.key);
  }
}

function put(into: Raw, step: string | number, value: unknown): void {
  Object.defineProperty(into, step, { value, enumerable: true, configurable: true, writable: true });
}

function without(from: Raw, step: string | number): Raw {
  if (Array.isArray(from)) return from.filter((_, index) => index !== step);
  return Object.fromEntries(Object.entries(from).filter(([key]) => key !== step));
}

function moved(list: unknown[], index: number, by: 1 | -1): unknown[] {
  const other = index + by;
  return list.map((item, at) => (at === index ? list[other] : at === other ? list[index] : item));
}

function renamed(from: Raw, key: string, to: string): Raw {
  return Object.fromEntries(Object.entries(from).map(([one, value]) => [one === key ? to : one, value]));
}
