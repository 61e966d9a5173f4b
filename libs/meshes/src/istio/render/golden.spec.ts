import fs from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { mergeResults } from '../../render-result.js';
import { renderYaml } from '../../render-yaml.js';
import { rendererFor } from '../../registry.js';
import { goldenCases, goldenFile } from './golden-cases.fixture.js';

const update = process.env['UPDATE_GOLDEN'] === '1';

function expectGolden(file: string, text: string): void {
  if (update) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  expect(text).toBe(fs.readFileSync(file, 'utf8'));
}

describe.each(goldenCases())('istio/$name: $about', ({ name, view, locals }) => {
  it.each(locals)('renders in $cluster what its golden files say', (local) => {
    const { objects, issues } = rendererFor('istio').render(view, local);
    expectGolden(goldenFile(name, local.cluster, 'objects'), renderYaml(objects.map(({ object }) => object)));
    expectGolden(goldenFile(name, local.cluster, 'issues'), stringify(issues, { lineWidth: 0 }));
  });

  it.each(locals)('has in $cluster the same outline, and the same host by host', (local) => {
    const renderer = rendererFor('istio');
    const rendered = renderer.render(view, local);
    expect(renderer.outline(view, local)).toEqual({
      issues: rendered.issues,
      objects: rendered.objects.map(({ side, order, object: { apiVersion, kind, metadata } }) => {
        const { name, namespace } = metadata;
        return { side, order, object: { apiVersion, kind, name, namespace } };
      }),
    });
    const prepared = renderer.prepare(view, local);
    const parts = [prepared.shared(), ...view.hosts.map((host) => prepared.host(host))];
    expect(mergeResults(parts)).toEqual(rendered);
  });
});

describe('golden files', () => {
  it('belong to a cluster that is rendered', () => {
    for (const { name, locals } of goldenCases()) {
      const folder = path.dirname(path.dirname(goldenFile(name, 'any', 'objects')));
      const folders = fs.readdirSync(folder).filter((one) => one !== 'view.yaml');
      expect([name, ...folders.sort()]).toEqual([name, ...locals.map(({ cluster }) => cluster).sort()]);
    }
  });
});
