import type { KubeObject } from '@isthmus/domain';

/** One entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: 'Apply' | 'Update';
  subresource?: string;
  time?: string;
  fieldsV1?: FieldSet;
}

/** Kubernetes' FieldsV1: `f:` fields, `k:` list items by key, `v:` items by value, `.` the thing itself; `{}` is a leaf. */
export interface FieldSet {
  [step: string]: FieldSet;
}

/** Fields that another manager holds and we do not. */
export interface OtherManager {
  manager: string;
  operation: 'Apply' | 'Update';
  time?: string;
  fields: string[];
}

/** The object with only the fields that this manager applied: what it wrote, without the server's defaults and other hands. */
export function ownedPart(object: KubeObject, manager: string): KubeObject {
  const own = entriesOf(object).find((entry) => isOwn(entry, manager))?.fieldsV1;
  const taken = own === undefined ? {} : (takeFields(object, own) as Partial<KubeObject>);
  const { name, namespace } = object.metadata;
  const { labels, annotations } = taken.metadata ?? {};
  const metadata: KubeObject['metadata'] = namespace === undefined ? { name } : { name, namespace };
  if (labels !== undefined) metadata.labels = labels;
  if (annotations !== undefined) metadata.annotations = annotations;
  return { ...taken, apiVersion: object.apiVersion, kind: object.kind, metadata };
}

/** Who else holds fields of the object's content; metadata and status are everybody's. */
export function otherManagers(object: KubeObject, manager: string): OtherManager[] {
  const own = new Set(
    entriesOf(object)
      .filter((entry) => isOwn(entry, manager))
      .flatMap(contentPaths),
  );
  return entriesOf(object).flatMap((entry) => {
    if (isOwn(entry, manager) || entry.subresource !== undefined) return [];
    const fields = contentPaths(entry).filter((path) => !own.has(path));
    if (fields.length === 0) return [];
    const { manager: name = 'unknown', operation = 'Update', time } = entry;
    return [{ manager: name, operation, ...(time === undefined ? {} : { time }), fields }];
  });
}

function entriesOf(object: KubeObject): ManagedFieldsEntry[] {
  const { managedFields } = object.metadata as { managedFields?: ManagedFieldsEntry[] };
  return managedFields ?? [];
}

function isOwn({ manager, operation, subresource }: ManagedFieldsEntry, name: string): boolean {
  return manager === name && operation === 'Apply' && subresource === undefined;
}

const EVERYBODYS = new Set(['f:metadata', 'f:status']);

function contentPaths({ fieldsV1 = {} }: ManagedFieldsEntry): string[] {
  return Object.entries(fieldsV1).flatMap(([step, below]) =>
    EVERYBODYS.has(step) ? [] : leaves(stepText(step), below),
  );
}

function leaves(path: string, set: FieldSet): string[] {
  const steps = Object.entries(set).filter(([step]) => step !== '.');
  if (steps.length === 0) return [path];
  return steps.flatMap(([step, below]) => leaves(path + stepText(step), below));
}

function stepText(step: string): string {
  return step.startsWith('f:') ? `.${step.slice(2)}` : `[${step.slice(2)}]`;
}

function takeFields(value: unknown, set: FieldSet): unknown {
  const steps = Object.keys(set).filter((step) => step !== '.');
  if (steps.length === 0) return value;
  if (Array.isArray(value)) return takeItems(value, set);
  if (typeof value !== 'object' || value === null) return undefined;
  const taken: Record<string, unknown> = {};
  for (const step of steps) {
    const name = step.slice(2);
    const below = set[step];
    if (below === undefined || !step.startsWith('f:') || !Object.hasOwn(value, name)) continue;
    taken[name] = takeFields((value as Record<string, unknown>)[name], below);
  }
  return taken;
}

function takeItems(items: readonly unknown[], set: FieldSet): unknown[] {
  return items.flatMap((item, index) => {
    const step = Object.keys(set).find((candidate) => namesItem(candidate, item, index));
    return step === undefined ? [] : [takeFields(item, set[step] ?? {})];
  });
}

/** True if a `k:`, `v:` or `i:` step means this item. */
function namesItem(step: string, item: unknown, index: number): boolean {
  if (step === `i:${index}`) return true;
  if (step.startsWith('v:')) return step.slice(2) === JSON.stringify(item);
  if (!step.startsWith('k:') || typeof item !== 'object' || item === null) return false;
  const keys = Object.entries(JSON.parse(step.slice(2)) as Record<string, unknown>);
  return keys.every(([key, value]) => (item as Record<string, unknown>)[key] === value);
}
