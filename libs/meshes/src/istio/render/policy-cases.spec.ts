import fs from 'node:fs';
import path from 'node:path';
import type { Issue } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { renderYaml } from '../../render-yaml.js';
import {
  CASE_CLUSTERS,
  baseFiles,
  difference,
  policyCases,
  policyGolden,
  renderFiles,
  type RenderedCase,
} from './policy-cases.fixture.js';

const update = process.env['UPDATE_GOLDEN'] === '1';

const lineOf = ({ severity, code, path: at, message }: Issue): string =>
  `# ${[severity, code, at, message].filter(Boolean).join(' ')}`;

interface Golden {
  base: RenderedCase;
  rendered: RenderedCase;
  cluster: string;
}

/** Issues of the cluster, or of none, then what is gone, then what is new or changed. */
function goldenText({ base, rendered: { clusters, issues }, cluster }: Golden): string {
  const { objects, gone } = difference(base.clusters.get(cluster) ?? [], clusters.get(cluster) ?? []);
  const known = new Set(base.issues.map(lineOf));
  const told = issues.filter((one) => one.cluster === undefined || one.cluster === cluster).map(lineOf);
  const lines = [...new Set(told.filter((line) => !known.has(line))), ...gone.map((key) => `# gone: ${key}`)];
  return [...lines.map((line) => `${line}\n`), renderYaml(objects)].join('');
}

describe.each(policyCases())('policy case $name', ({ name, files }) => {
  it('changes in each cluster what its golden files say', () => {
    const [base, rendered] = [renderFiles(baseFiles()), renderFiles(files)];
    const texts = CASE_CLUSTERS.map((cluster) => [
      policyGolden(name, cluster),
      goldenText({ base, rendered, cluster }),
    ]);
    for (const [file = '', text = ''] of update ? texts : []) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    expect(Object.fromEntries(texts)).toEqual(
      Object.fromEntries(texts.map(([file = '']) => [file, fs.readFileSync(file, 'utf8')])),
    );
  });
});

describe('policy cases', () => {
  it('have no golden file without a case', () => {
    const folder = path.dirname(path.dirname(policyGolden('any', 'any')));
    const folders = fs.readdirSync(folder, { withFileTypes: true }).filter((item) => item.isDirectory());
    expect(folders.map((item) => item.name).sort()).toEqual(policyCases().map(({ name }) => name));
  });
});
