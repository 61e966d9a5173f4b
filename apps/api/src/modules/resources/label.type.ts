import type { InputObjectRef } from '@pothos/core';
import { issue, quote, type Issue } from '@isthmus/domain';
import { builder, type Types } from '../../graphql/builder.js';

export interface LabelModel {
  name: string;
  value: string;
}

/** A label or annotation. */
export const Label = builder.objectRef<LabelModel>('Label').implement({
  description: 'A key of labels or annotations with its value.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Key, with its prefix.' }),
    value: t.exposeString('value', { description: 'Value.' }),
  }),
});

export const LabelInput: InputObjectRef<Types, LabelModel> = builder.inputRef<LabelModel>('LabelInput').implement({
  description: 'A key of labels or annotations with its value.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Key, with its prefix.' }),
    value: t.string({ required: true, description: 'Value.' }),
  }),
});

/** Labels in the order of their keys. */
export function labelList(labels: Readonly<Record<string, string>>): LabelModel[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}

/** Names that stand twice, as issues: which value is meant cannot be known. */
export function repeatedLabels(labels: readonly LabelModel[] | null | undefined, path: string): Issue[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of labels ?? []) (seen.has(name) ? twice : seen).add(name);
  return [...twice].map((name) =>
    issue('ISM0516', { path: `${path}[${quote(name)}]`, message: `${quote(name)} is given twice` }),
  );
}

/** Pairs as a map without prototype tricks; the last of equal names wins. */
export function labelMap(labels: readonly LabelModel[]): Record<string, string> {
  return Object.fromEntries(labels.map(({ name, value }) => [name, value]));
}
