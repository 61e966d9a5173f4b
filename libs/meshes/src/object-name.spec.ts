import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globalNamespaceLabel, objectName } from './object-name.js';

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
const dnsName = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
const role = fc.constantFrom(undefined, 'owner', 'local', 'remote', 'remote-0a1b2c3d');

describe('names of objects', () => {
  it('never meet for different DNS names or roles', () => {
    const named = fc.record({ name: dnsName, role: fc.constantFrom('owner', 'local', 'remote', 'remote-0a1b2c3d') });
    fc.assert(
      fc.property(named, named, (a, b) => {
        fc.pre(a.name !== b.name || a.role !== b.role);
        expect(objectName(a.name, a.role)).not.toBe(objectName(b.name, b.role));
        if (a.name !== b.name) expect(objectName(a.name)).not.toBe(objectName(b.name));
      }),
    );
  });

  it('are labels of DNS with at most 63 characters', () => {
    fc.assert(
      fc.property(dnsName, role, (name, one) => {
        expect(objectName(name, one)).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }),
    );
  });

  it('tell a dot from a hyphen', () => {
    expect(objectName('a-b.c')).toBe('a--b-c');
    expect(objectName('a.b-c')).toBe('a-b--c');
  });

  it('stay as they are up to 62 characters and are hashed from 63 on', () => {
    expect(objectName('a'.repeat(62))).toBe('a'.repeat(62));
    expect(objectName('a'.repeat(63))).toMatch(/^a{52}-[0-9a-f]{10}$/);
    expect(objectName('a'.repeat(63))).not.toBe(objectName('a'.repeat(64)));
  });
});

describe('the label of a global namespace', () => {
  it('is its project and name', () =>
    expect(globalNamespaceLabel({ project: 'team', name: 'shop' })).toBe('team.shop'));

  it('fits a label whatever the lengths', () => {
    const full = globalNamespaceLabel({ project: 'p'.repeat(63), name: 'g'.repeat(63) });
    expect(full).toHaveLength(63);
    expect(full).not.toBe(globalNamespaceLabel({ project: 'p'.repeat(63), name: 'h'.repeat(63) }));
  });
});
