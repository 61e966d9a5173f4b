import { describe, expect, it } from 'vitest';
import { emptyDocument, withVersion } from './document-text.js';
import { ALL_KINDS, KINDS, kindOfSlug } from './kinds.js';

describe('documents in the editor', () => {
  it('carry the version that they replace, once, and nothing else changes', () => {
    const yaml = 'apiVersion: x\nkind: Project\nmetadata:\n  name: a\nspec:\n  metadata:\n    b: c\n';
    expect(withVersion(yaml, '12')).toBe(
      yaml.replace('metadata:\n  name', 'metadata:\n  resourceVersion: "12"\n  name'),
    );
  });

  it.each(ALL_KINDS)('begin for a new %s as one of this API that lacks its name and what it says', (kind) => {
    const text = emptyDocument(kind, { project: 'default' });
    expect(text).toContain(`apiVersion: isthmus.dev/v1alpha1\nkind: ${kind}\n`);
    expect(text.includes('project: default')).toBe(KINDS[kind].inProject);
  });
});

describe('kinds in addresses', () => {
  it('are found by one text each, and by no other', () => {
    expect(ALL_KINDS.map((kind) => kindOfSlug(KINDS[kind].slug))).toEqual(ALL_KINDS);
    for (const slug of ['', 'cluster', 'Clusters', '__proto__']) expect(kindOfSlug(slug)).toBeUndefined();
  });
});
