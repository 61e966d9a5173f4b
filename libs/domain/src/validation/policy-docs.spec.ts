import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseBundle } from '../bundle/parse-bundle.js';
import { validateResources } from './validate-resources.js';

const FOLDER = path.resolve(import.meta.dirname, '../../../../docs/policies');
const pages = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.md'));

/** The examples of a page that are whole resources; pieces of one have no apiVersion. */
function examples(page: string): string[] {
  const text = fs.readFileSync(path.join(FOLDER, page), 'utf8');
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
}

/** What the examples refer to: two clusters of two regions, and the global namespaces by their names. */
function world(yaml: string): string {
  const cluster = (name: string, region: string) =>
    `apiVersion: isthmus.dev/v1alpha1\nkind: Cluster\nmetadata: { name: ${name} }\nspec: { mesh: { kind: istio }, locality: ${region}/1a, gateways: [{ address: 203.0.113.1 }], podCIDRs: [10.0.0.0/16], serviceCIDRs: [10.1.0.0/16] }`;
  const names = [...yaml.matchAll(/globalNamespace: ([a-z0-9-]+)/g)].map(([, name = '']) => name);
  const gns = [...new Set(names)].map(
    (name) =>
      `apiVersion: isthmus.dev/v1alpha1\nkind: GlobalNamespace\nmetadata: { name: ${name} }\nspec: { domain: ${name}.global, members: [{ namespaces: { names: [shop] } }] }`,
  );
  const group =
    'apiVersion: isthmus.dev/v1alpha1\nkind: ClusterGroup\nmetadata: { name: production }\nspec: { clusters: { names: [east] } }';
  return [group, cluster('east', 'us-east'), cluster('west', 'us-west'), ...gns].join('\n---\n');
}

describe.each(pages)('docs/policies/%s', (page) => {
  it('has examples that are resources without a fault, alone and together', () => {
    const yaml = examples(page).join('\n---\n');
    const bundle = parseBundle([
      { path: `${page}.yaml`, text: yaml },
      { path: 'world.yaml', text: world(yaml) },
    ]);
    const resources = bundle.resources.map(({ resource }) => resource);
    const errors = [...bundle.issues, ...validateResources(resources)].filter(({ severity }) => severity === 'ERROR');
    expect(errors).toEqual([]);
    if (page === 'README.md') return;
    expect(resources.map(({ kind }) => kind.toLowerCase())).toContain(page.slice(0, -'.md'.length).replaceAll('-', ''));
  });
});
