import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KubeObject } from '@isthmus/domain';
import { helm, probeTool, real, type ToolAnswer } from '@isthmus/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { CA, CASES, PLAIN, TOKEN } from './installation.fixture.js';
import { installationObjects, RELEASE } from './index.js';

const CHART = fileURLToPath(new URL('../../../deploy/charts/agent', import.meta.url));
const NAMESPACE = 'isthmus-system';
const onHelm = await real('helm', () => probeTool('helm'));

const folder = mkdtempSync(path.join(tmpdir(), 'isthmus-chart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function valuesFile(values: object): string {
  const file = path.join(folder, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  return file;
}

const template = (values: object, ...more: string[]): Promise<ToolAnswer> =>
  helm(['template', 'any', CHART, '--namespace', NAMESPACE, '--values', valuesFile(values), ...more]);

async function objectsOf(values: object): Promise<KubeObject[]> {
  const { code, out, err } = await template(values);
  expect(err, err).not.toContain('Error');
  expect(code).toBe(0);
  return parseAllDocuments(out).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
}

/** By name, without what only Helm says. */
function comparable(objects: readonly KubeObject[]): Map<string, unknown> {
  const clean = JSON.stringify(objects, (key, value: unknown) =>
    key === 'helm.sh/chart' || key === 'app.kubernetes.io/managed-by' ? undefined : value,
  );
  return new Map(
    (JSON.parse(clean) as KubeObject[]).map((object) => [
      [object.kind, object.metadata.namespace, object.metadata.name].join('/'),
      withSortedEnvironment(object),
    ]),
  );
}

/** The order of variables and volumes means nothing. */
function withSortedEnvironment(object: KubeObject): unknown {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) => {
    if (!Array.isArray(value) || !['env', 'volumes', 'volumeMounts'].includes(key)) return value;
    return (value as { name: string }[]).sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

onHelm('the chart of the agent', () => {
  it('has no fault that lint finds', async () => {
    const { code, out } = await helm(['lint', CHART, '--strict', '--values', valuesFile(PLAIN)]);
    expect(out).toContain('0 chart(s) failed');
    expect(code).toBe(0);
  });

  it.each(Object.entries(CASES))('renders the objects of the manifest: %s', async (_, values) => {
    const manifest = installationObjects(values, NAMESPACE).filter(({ kind }) => kind !== 'Namespace');
    expect(comparable(await objectsOf(values))).toEqual(comparable(manifest));
  });

  it('has a schema that names every value with its default, and knows no others', async () => {
    const { out } = await helm(['show', 'values', CHART]);
    const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;
    expect(
      pathsOfSchema(schema)
        .filter((at) => at !== 'global' && !/^resources\..*\.\S+/.test(at))
        .sort(),
    ).toEqual(
      pathsOfValues(parse(out))
        .filter((at) => !/^resources\..*\.\S+/.test(at))
        .sort(),
    );
  });

  const bad: [string, object, string][] = [
    ['a misspelt name', { gatway: { url: 'https://x:1' } }, 'gatway'],
    ['a misspelt name further in', { image: { tags: '1' } }, 'tags'],
    ['a gateway without TLS', { gateway: { url: 'http://gateway:4443' } }, '/gateway/url'],
    ['a gateway with a user', { gateway: { url: 'https://me:pw@gateway:4443' } }, '/gateway/url'],
    ['a CA that is a key', { gateway: { ca: CA.replaceAll('CERTIFICATE', 'PRIVATE KEY') } }, '/gateway/ca'],
    ['a token that is none', { enrolment: { token: 'secret' } }, '/enrolment/token'],
    ['a proxy with its password', { proxy: { https: 'http://me:pw@proxy:3128' } }, '/proxy/https'],
    ['a tag that moves', { image: { tag: 'latest' } }, '/image/tag'],
    ['a digest cut short', { image: { digest: 'sha256:abc' } }, '/image/digest'],
    ['a number where a text belongs', { mesh: { namespace: 7 } }, '/mesh/namespace'],
    ['a text where a number belongs', { replicas: '1' }, '/replicas'],
    ['a namespace with a dot', { rbac: { writeNamespaces: ['a.b'] } }, '/rbac/writeNamespaces/0'],
    ['a port beyond the last', { networkPolicy: { apiServerPorts: [65_536] } }, '/networkPolicy/apiServerPorts/0'],
    ['a level that does not exist', { logLevel: 'loud' }, '/logLevel'],
    ['memory in words', { resources: { limits: { memory: 'much' } } }, '/resources/limits/memory'],
    ['a question in the address of the metrics store', { prometheus: { url: 'http://p:9090?x=1' } }, '/prometheus/url'],
  ];
  it.each(bad)('refuses %s, and says where', async (_, values, where) => {
    const { code, err } = await template({ ...PLAIN, ...values });
    expect(code).toBe(1);
    expect(err).toContain(where);
  });

  it('does not render without the address of the gateway, and says so', async () => {
    const { code, err } = await template({});
    expect([code, err]).toEqual([1, expect.stringContaining('gateway.url is needed')]);
  });

  it('takes material that others keep, and then makes none of it', async () => {
    const objects = await objectsOf({
      gateway: { url: PLAIN.gateway.url, existingCaConfigMap: 'our-ca' },
      enrolment: { existingSecret: 'our-token' },
      extraCa: { existingConfigMap: 'our-more-ca' },
      proxy: { existingSecret: 'our-proxy', port: 8080 },
      prometheus: { url: 'https://prometheus', existingTokenSecret: 'our-prometheus', timeoutSeconds: 20 },
    });
    const made = objects.filter(({ kind }) => kind === 'Secret' || kind === 'ConfigMap');
    expect(made.map(({ metadata }) => metadata.name)).toEqual(['isthmus-agent-identity']);
    const text = JSON.stringify(objects);
    for (const name of ['our-ca', 'our-token', 'our-more-ca', 'our-proxy', 'our-prometheus'])
      expect(text).toContain(name);
    const policy = objects.find(({ kind }) => kind === 'NetworkPolicy');
    expect(JSON.stringify(policy?.spec)).toContain('"port":8080');
  });

  it('stops the agent while it purges, and makes nothing that an uninstall would run', async () => {
    const objects = await objectsOf({ purge: { enabled: true } });
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(deployment?.spec).toMatchObject({ replicas: 0 });
    expect(objects.filter(({ kind }) => kind === 'Job')).toHaveLength(1);
    expect(JSON.stringify(objects)).not.toMatch(/helm\.sh\/hook|"finalizers"/);
  });
});

describe('the chart’s release', () => {
  it('is that of the manifest', () => {
    const chart = parse(readFileSync(path.join(CHART, 'Chart.yaml'), 'utf8')) as Record<string, unknown>;
    expect([chart['version'], chart['appVersion']]).toEqual([RELEASE, RELEASE]);
  });

  it('shows a token nowhere but in its Secret', () => {
    const holders = installationObjects(PLAIN).filter((object) =>
      [TOKEN, btoa(TOKEN)].some((text) => JSON.stringify(object).includes(text)),
    );
    expect(holders.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Secret isthmus-agent-token']);
  });
});

interface Schema {
  properties?: Record<string, Schema>;
}

function pathsOfSchema({ properties }: Schema, at = ''): string[] {
  if (properties === undefined) return [at];
  return Object.entries(properties).flatMap(([name, inner]) =>
    pathsOfSchema(inner, at === '' ? name : `${at}.${name}`),
  );
}

function pathsOfValues(values: unknown, at = ''): string[] {
  const isGroup = typeof values === 'object' && values !== null && !Array.isArray(values);
  if (!isGroup || Object.keys(values).length === 0) return [at];
  return Object.entries(values).flatMap(([name, inner]) => pathsOfValues(inner, at === '' ? name : `${at}.${name}`));
}
