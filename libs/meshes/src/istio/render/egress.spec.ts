import type { KubeObject } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { NEEDED_KINDS, OPTIONAL_KINDS } from './owned-object.js';
import { baseFiles, policyCases, renderFiles } from './policy-cases.fixture.js';

const withCase = (text: string) => [...baseFiles(), { path: 'case.yaml', text }];
const caseText = (wanted: string) => policyCases().find(({ name }) => name === wanted)?.text ?? '';
const specsOf = (objects: readonly KubeObject[] = []) =>
  objects
    .filter(({ kind, metadata }) => kind === 'ServiceEntry' && metadata.name.startsWith('egress-'))
    .map(({ spec }) => spec as { hosts: string[] });

describe('egress', () => {
  it('is told once where the cluster lacks the kind Sidecar, and nothing of it is rendered', () => {
    const servedKinds = [...NEEDED_KINDS, ...OPTIONAL_KINDS].filter((kind) => !kind.endsWith('/Sidecar'));
    const { clusters, issues } = renderFiles(withCase(caseText('egress-deny')), (all) => all, { servedKinds });
    const told = issues.filter(({ code, cluster }) => code === 'ISM0955' && cluster === 'west');
    expect(told.map(({ resource }) => resource)).toEqual([
      { kind: 'EgressPolicy', project: 'default', name: 'bookinfo' },
    ]);
    expect(told[0]?.message).toMatch(
      /cannot be enforced in west: NEEDS_VERSION\. Install the custom resource definition/,
    );
    const west = clusters.get('west') ?? [];
    expect(west.filter(({ kind }) => kind === 'Sidecar')).toEqual([]);
    expect(specsOf(west)).toEqual([]);
  });

  it.each([
    [256, [256]],
    [257, [256, 1]],
    [1000, [256, 256, 256, 232]],
  ])('fits %s hosts into entries of %j', (count, sizes) => {
    const hosts = Array.from({ length: count }, (_, index) => `h${index}.example.com`);
    const text = JSON.stringify({
      apiVersion: 'isthmus.dev/v1alpha1',
      kind: 'EgressPolicy',
      metadata: { name: 'many' },
      spec: { targets: [{ globalNamespace: 'bookinfo' }], default: 'DENY', allow: [{ hosts }] },
    });
    const specs = specsOf(renderFiles(withCase(text)).clusters.get('west'));
    expect(specs.map((spec) => spec.hosts.length).sort((a, b) => b - a)).toEqual(sizes);
    expect(specs.flatMap((spec) => spec.hosts).sort()).toEqual([...hosts].sort());
  });
});
