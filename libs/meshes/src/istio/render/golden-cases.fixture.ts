import fs from 'node:fs';
import path from 'node:path';
import type { GnsView, LocalFacts } from '@isthmus/domain';
import { parse } from 'yaml';

/** Where the cases lie: `<case>/view.yaml` → `<case>/<cluster>/{objects,issues}.golden.yaml`. */
export const CASES_DIR = path.resolve(import.meta.dirname, '../../../testdata/istio');

/** One golden case: a view, and the clusters in which it is rendered. */
export interface GoldenCase {
  name: string;
  about: string;
  view: GnsView;
  locals: LocalFacts[];
}

/** Reads every case; the folder decides, so no case can be forgotten. */
export function goldenCases(): GoldenCase[] {
  const names = fs.readdirSync(CASES_DIR).filter((name) => fs.existsSync(path.join(CASES_DIR, name, 'view.yaml')));
  return names.sort().map((name) => {
    const text = fs.readFileSync(path.join(CASES_DIR, name, 'view.yaml'), 'utf8');
    return { name, ...(parse(text) as Omit<GoldenCase, 'name'>) };
  });
}

/** The path of a golden file. */
export function goldenFile(name: string, cluster: string, kind: 'objects' | 'issues'): string {
  return path.join(CASES_DIR, name, cluster, `${kind}.golden.yaml`);
}
