import { MESH_KINDS, type LocalFacts } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { RENDERERS, rendererFor } from './registry.js';

const view = {
  gns: { kind: 'gns' as const, project: 'p', name: 'g', domain: 'g.global' },
  encryption: { kind: 'encryption' as const, mode: 'STRICT' as const },
  slos: [],
  clusters: [],
  hosts: [],
};
const local: LocalFacts = { cluster: 'east', namespaces: [], agentNamespace: 'isthmus-system' };

describe('the registry of renderers', () => {
  it('refuses every mesh but Istio with an error, and asks to keep what is there', () => {
    for (const kind of MESH_KINDS.filter((one) => one !== 'istio')) {
      const { objects, issues, keep } = rendererFor(kind).render(view, local);
      expect({ kind, objects, codes: issues.map(({ code }) => code), keep }).toEqual({
        kind,
        objects: [],
        codes: ['ISM0301'],
        keep: true,
      });
      expect(rendererFor(kind).prepare(view, local).shared()).toEqual({ objects, issues, keep });
    }
  });

  it('has a renderer of its own kind for every kind of mesh', () => {
    expect(Object.keys(RENDERERS).sort()).toEqual([...MESH_KINDS].sort());
    for (const kind of MESH_KINDS) expect(rendererFor(kind).kind).toBe(kind);
  });
});
