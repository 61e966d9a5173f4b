import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaFaults } from './crd-schema.fixture.js';
import { CASE_CLUSTERS, policyCases, renderFiles } from './policy-cases.fixture.js';

describe.each(policyCases())('policy case $name', ({ files }) => {
  it('fits the schemas of the custom resources', () => {
    const { clusters } = renderFiles(files);
    expect([...clusters.keys()]).toEqual(CASE_CLUSTERS);
    const faults = [...clusters.values()].flat().flatMap((object) => schemaFaults(object));
    expect(faults).toEqual([]);
  });

  it('is the same whatever the order of the documents', () => {
    const { clusters } = renderFiles(files);
    const order = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(order, (keys) => {
        const shuffled = renderFiles(files, (resources) =>
          resources
            .map((resource, index) => ({ resource, key: keys[index % keys.length] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ resource }) => resource),
        );
        expect(shuffled.clusters).toEqual(clusters);
      }),
      { numRuns: 5 },
    );
  });
});
