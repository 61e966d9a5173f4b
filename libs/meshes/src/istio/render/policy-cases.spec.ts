import fs from 'node:fs';
import path from 'node:path';
import type { Issue } from '@isthmus/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderYaml } from '../../render-yaml.js';
import { schemaFaults } from './crd-schema.fixture.js';
import {
  baseFiles,
  difference,
  policyCases,
  policyGolden,
  renderFiles,
  type RenderedCase,
} from './policy-cases.fixture.js';

const update = process.env['UPDATE_GOLDEN'] === '1';
const CLUSTERS = ['central', 'east', 'west'];
const cases = policyCases().map(({ name, text }) => ({ name, files: [...baseFiles(), { path: 'case.yaml', text }] }));

const lineOf = ({ severity, code, path: at, message }: Issue): string =>
  `# ${[severity, code, at, message].filter(Boolean).join(' ')}`;

/** Issues of the cluster, or of none, then what is gone, then what is new or changed. */
function goldenText({ clusters, issues }: RenderedCase, cluster: string): string {
  const base = renderFiles(baseFiles());
  const { objects, gone } = difference(base.clusters.get(cluster) ?? [], clusters.get(cluster) ?? []);
  const known = new Set(base.issues.map(lineOf));
  const told = issues.filter((one) => one.cluster === undefined || one.cluster === cluster).map(lineOf);
  const lines = [...new Set(told.filter((line) => !known.has(line))), ...gone.map((key) => `# gone: ${key}`)];
  return [...lines.map((line) => `${line}\n`), renderYaml(objects)].join('');
}

describe.each(cases)('policy case $name', ({ name, files }) => {
  it.each(CLUSTERS)('changes in %s what its golden file says', (cluster) => {
    const file = policyGolden(name, cluster);
    const text = goldenText(renderFiles(files), cluster);
    if (update) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    expect(text).toBe(fs.readFileSync(file, 'utf8'));
  });

  it('fits the schemas of the custom resources', () => {
    const { clusters } = renderFiles(files);
    expect([...clusters.keys()]).toEqual(CLUSTERS);
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

describe('policy cases', () => {
  it('have no golden file without a case', () => {
    const folder = path.dirname(path.dirname(policyGolden('any', 'any')));
    const folders = fs.readdirSync(folder, { withFileTypes: true }).filter((item) => item.isDirectory());
    expect(folders.map((item) => item.name).sort()).toEqual(cases.map(({ name }) => name));
  });
});
