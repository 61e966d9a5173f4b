import type { KubeObject } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { otherManagers, ownedPart, type FieldSet } from './managed-fields.js';

function managed(
  entries: { manager: string; operation?: string; subresource?: string; fields: FieldSet }[],
): KubeObject {
  const managedFields = entries.map(({ fields, operation = 'Apply', ...rest }) => ({
    ...rest,
    operation,
    fieldsV1: fields,
  }));
  const metadata = { name: 'x', namespace: 'n', uid: 'u', labels: { mine: '1', theirs: '2' }, managedFields };
  const spec = {
    host: 'h',
    ports: [
      { port: 1, protocol: 'TCP', name: 'a' },
      { port: 2, protocol: 'TCP' },
    ],
    set: ['p', 'q'],
    empty: {},
    more: 1,
  };
  return { apiVersion: 'v1', kind: 'X', metadata, spec, status: { ok: true } };
}

describe('the part of an object that a manager applied', () => {
  it('is nothing but the name when the manager applied nothing', () => {
    const foreign = managed([{ manager: 'me', operation: 'Update', fields: { 'f:spec': { 'f:host': {} } } }]);
    expect(ownedPart(foreign, 'me')).toEqual({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', namespace: 'n' } });
  });

  it('holds fields, items by key, items by value and leaves, and no other labels', () => {
    const fields: FieldSet = {
      'f:metadata': { 'f:labels': { 'f:mine': {} } },
      'f:spec': {
        'f:host': {},
        'f:empty': {},
        'f:gone': {},
        'f:ports': { 'k:{"port":1,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:name': {} } },
        'f:set': { 'v:"q"': {} },
      },
    };
    const part = ownedPart(managed([{ manager: 'me', fields }]), 'me');
    expect(part.metadata).toEqual({ name: 'x', namespace: 'n', labels: { mine: '1' } });
    expect(part.spec).toEqual({ host: 'h', empty: {}, ports: [{ port: 1, name: 'a' }], set: ['q'] });
  });
});

describe('other managers', () => {
  it('leaves out status, metadata and what we hold too', () => {
    const object = managed([
      { manager: 'me', fields: { 'f:spec': { 'f:host': {} } } },
      { manager: 'istiod', operation: 'Update', subresource: 'status', fields: { 'f:status': { 'f:ok': {} } } },
      { manager: 'labeller', fields: { 'f:metadata': { 'f:labels': { 'f:theirs': {} } } } },
      { manager: 'agreeing', fields: { 'f:spec': { 'f:host': {} } } },
      { manager: 'kubectl-edit', operation: 'Update', fields: { 'f:spec': { 'f:more': {}, 'f:host': {} } } },
    ]);
    expect(otherManagers(object, 'me')).toEqual([
      { manager: 'kubectl-edit', operation: 'Update', fields: ['.spec.more'] },
    ]);
  });
});
