import fs from 'node:fs';
import path from 'node:path';
import {
  compilePolicy,
  CURRENT_COMPILER,
  inventoryFromManifests,
  joinView,
  memberEntryName,
  parseBundle,
  prepareCatalog,
  type BundleFile,
  type Cluster,
  type GlobalNamespace,
  type KubeObject,
  type LocalFacts,
} from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { rendererFor } from '../../registry.js';
import { renderYaml } from '../../render-yaml.js';
import { schemaFaults } from './crd-schema.fixture.js';

const root = path.resolve(import.meta.dirname, '../../../../..');
const golden = path.resolve(import.meta.dirname, '../../../testdata/istio-bundles/bookinfo');
const update = process.env['UPDATE_GOLDEN'] === '1';

function readBundle(folder: string): BundleFile[] {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return files.map((name) => ({
    path: name.split(path.sep).join('/'),
    text: fs.readFileSync(path.join(folder, name), 'utf8'),
  }));
}

/** The way of a bundle to objects, as offline rendering goes it: every wanted member counts as served. */
function renderBundle(folder: string): { cluster: string; text: string; codes: string[]; objects: KubeObject[] }[] {
  const bundle = parseBundle(readBundle(folder));
  const resources = bundle.resources.map(({ resource }) => resource);
  const clusters = resources.filter((resource): resource is Cluster => resource.kind === 'Cluster');
  const [gns] = resources.filter((resource): resource is GlobalNamespace => resource.kind === 'GlobalNamespace');
  if (gns === undefined) throw new Error('the bundle has no global namespace');
  const policies = resources.filter(
    (resource) => resource.kind === 'EncryptionPolicy' || resource.kind === 'SloPolicy',
  );
  const policy = compilePolicy({ gns, clusters, policies, compilerVersion: CURRENT_COMPILER });
  const inventories = new Map(
    [...bundle.clusters].map(([name, objects]) => [name, inventoryFromManifests(objects).inventory]),
  );
  const prepared = prepareCatalog({ gns, clusters, inventories, vips: [], portContracts: [], memberStates: [] });
  const catalog = prepared.write(new Map(prepared.desiredMembers.map((member) => [memberEntryName(member), 'served'])));
  if (policy.tree === undefined) throw new Error('the policy did not compile');
  const { view } = joinView(policy.tree, catalog);
  if (view === undefined) throw new Error('there is nothing to render');
  return clusters.map(({ metadata: { name } }) => {
    const namespaces = (inventories.get(name)?.namespaces ?? []).map((one) => ({ name: one.name, labels: one.labels }));
    const local: LocalFacts = { cluster: name, namespaces, agentNamespace: 'isthmus-system' };
    const { objects, issues } = rendererFor('istio').render(view, local);
    const plain = objects.map(({ object }) => object);
    return { cluster: name, text: renderYaml(plain), codes: issues.map(({ code }) => code), objects: plain };
  });
}

describe('the Bookinfo example', () => {
  const rendered = renderBundle(path.join(root, 'examples/bookinfo'));

  it.each(rendered)('renders in $cluster what its golden file says, without an error', ({ cluster, text, codes }) => {
    const file = path.join(golden, `${cluster}.golden.yaml`);
    if (update) {
      fs.mkdirSync(golden, { recursive: true });
      fs.writeFileSync(file, text);
    }
    expect(text).toBe(fs.readFileSync(file, 'utf8'));
    expect(codes).toEqual([]);
  });

  it('fits the schemas of Istio in every cluster', () => {
    expect(rendered.map(({ cluster }) => cluster)).toEqual(['east', 'onprem', 'west']);
    for (const { objects } of rendered) expect(objects.flatMap((object) => schemaFaults(object))).toEqual([]);
  });
});
