import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inventoryFromManifests, parseBundle, validateResources, type BundleFile } from '@isthmus/domain';
import { real } from '@isthmus/testing';
import { afterAll, expect, it } from 'vitest';
import { istioctl, probeIstioctl } from './istioctl.fixture.js';

const example = path.resolve(import.meta.dirname, '../../../../../examples/bookinfo');
const rendered = path.resolve(import.meta.dirname, '../../../testdata/istio-bundles/bookinfo/east.golden.yaml');
const manifests = ['bookinfo', 'shop', 'istio-system'].map((name) =>
  path.join(example, 'clusters/east', `${name}.yaml`),
);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-lint-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const virtualService = (place: string, spec: string): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mine, namespace: ${place}}
spec:
  ${spec}
  http: [{route: [{destination: {host: reviews.bookinfo.global}}]}]
`;
const serviceEntry = (place: string, spec: string): string => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: mine, namespace: ${place}}
spec:
  ${spec}
  addresses: [203.0.113.7]
  ports: [{number: 9080, name: tcp, protocol: TCP}]
  location: MESH_EXTERNAL
  resolution: STATIC
  endpoints: [{address: 203.0.113.8}]
`;

/** Numbers that istioctl gives to the user's object beside those that are rendered. */
async function analyzed(text: string): Promise<string[]> {
  const file = path.join(folder, 'mine.yaml');
  fs.writeFileSync(file, text);
  const arguments_ = ['analyze', '--use-kube=false', '-A', rendered, ...manifests, file];
  const { stdout, stderr } = await istioctl(arguments_).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.includes(file));
  return [...new Set(lines.flatMap((line) => /\[(IST\d+)\]/.exec(line)?.[1] ?? []))].sort();
}

/** Numbers of our own findings about it. */
function linted(text: string): string[] {
  const names = fs.readdirSync(example, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  const files: BundleFile[] = names.map((name) => ({
    path: name.split(path.sep).join('/'),
    text: fs.readFileSync(path.join(example, name), 'utf8'),
  }));
  const bundle = parseBundle([...files, { path: 'clusters/east/mine.yaml', text }]);
  const inventories = new Map(
    [...bundle.clusters].map(([name, objects]) => [name, inventoryFromManifests(objects).inventory]),
  );
  const resources = bundle.resources.map(({ resource }) => resource);
  return validateResources(resources, { inventories }).flatMap(({ code, resource }) =>
    resource?.name.endsWith('/mine') === true ? [code] : [],
  );
}

const suite = await real('istioctl', probeIstioctl);

suite('what istioctl knows of a single cluster, the lint knows without one', () => {
  it.each([
    [
      'a second VirtualService of a host',
      virtualService('shop', 'hosts: [reviews.bookinfo.global]'),
      ['IST0109', 'ISM0803'],
    ],
    ['a wildcard over hosts', virtualService('shop', 'hosts: ["*.bookinfo.global"]'), ['IST0109', 'ISM0804']],
    [
      'a second ServiceEntry of a host',
      serviceEntry('shop', 'hosts: [reviews.bookinfo.global]'),
      ['IST0177', 'ISM0806'],
    ],
  ])('%s', async (_, text, [theirs, ours]) => {
    expect(await analyzed(text)).toContain(theirs);
    expect(linted(text)).toEqual([ours]);
  });

  it.each([
    [
      'a VirtualService that nobody sees who calls',
      virtualService('other', 'hosts: [reviews.bookinfo.global]\n  exportTo: ["."]'),
    ],
    ['a VirtualService of another host', virtualService('shop', 'hosts: [reviews.bookinfo.example]')],
    [
      'a ServiceEntry that nobody sees who calls',
      serviceEntry('other', 'hosts: [reviews.bookinfo.global]\n  exportTo: ["."]'),
    ],
    ['a ServiceEntry of another host', serviceEntry('shop', 'hosts: [reviews.bookinfo.example]')],
  ])('and has nothing against %s, as istioctl has not', async (_, text) => {
    expect(await analyzed(text)).toEqual([]);
    expect(linted(text)).toEqual([]);
  });
});
