import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FIELD_MANAGER, LABELS, MANAGED_BY } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { CA, CASES, PLAIN } from './installation.fixture.js';
import {
  imageOf,
  installationObjects,
  MESH_KINDS,
  parseImage,
  RIGHTS,
  SUPPORTED_MINORS,
  valueFaults,
} from './index.js';

describe('rights of an agent', () => {
  it('hold no wildcard, no Secret but its own by name, and no write outside of mesh configuration and its own namespace', () => {
    expect(JSON.stringify(RIGHTS)).not.toContain('*');
    for (const { resource, names, scope, verbs } of RIGHTS) {
      if (resource === 'secrets') expect([scope, names]).toEqual(['own', ['isthmus-agent-identity']]);
      if (scope === 'cluster') expect(verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
    }
  });

  it('cover every kind that the golden renderings hold', () => {
    const folder = fileURLToPath(new URL('../../meshes/testdata', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.golden.yaml') && !file.endsWith('issues.golden.yaml'),
    );
    const kinds = files.flatMap((file) =>
      parseAllDocuments(readFileSync(`${folder}/${file}`, 'utf8')).flatMap((document) => {
        const object = document.toJS() as { apiVersion: string; kind: string } | null;
        return object === null ? [] : [`${object.apiVersion} ${object.kind}`];
      }),
    );
    const known = MESH_KINDS.map(({ group, version, kind }) => `${group}/${version} ${kind}`);
    expect([...new Set(kinds)].sort()).toEqual([...known].sort());
  });
});

describe('the guide', () => {
  const guide = readFileSync(fileURLToPath(new URL('../../../docs/install-agent.md', import.meta.url)), 'utf8');

  it('lists every right of an agent, and no other', () => {
    const where = { cluster: 'everywhere', mesh: 'everywhere, or `rbac.writeNamespaces`', own: 'its own namespace' };
    const coded = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
    const shown = (names: readonly string[] = []): string =>
      names.length > 2 ? `${coded(names.slice(0, 2))} … ${coded(names.slice(-1))}` : coded(names);
    const only = (onlyWith?: string): string => (onlyWith === undefined ? '' : `, only with \`rbac.${onlyWith}\``);
    const rows = RIGHTS.map(({ group, resource, verbs, names, scope, why, onlyWith }) =>
      [
        `\`${resource}${group === '' ? '' : `.${group}`}\``,
        verbs.join(', '),
        shown(names),
        `${where[scope]}${only(onlyWith)}`,
        why,
      ].join(' | '),
    );
    const [, table = ''] = /\| resource \| verbs .*\n\|[-|]+\n((?:\|.*\n)+)/.exec(guide) ?? [];
    expect(table.trim().split('\n')).toEqual(rows.map((row) => `| ${row} |`));
  });

  it('names the versions of Kubernetes that the check takes, and that the chart asks for', () => {
    const { oldest, newest } = SUPPORTED_MINORS;
    expect(guide).toContain(`Kubernetes 1.${String(oldest)} to 1.${String(newest)}`);
    const chart = readFileSync(
      fileURLToPath(new URL('../../../deploy/charts/agent/Chart.yaml', import.meta.url)),
      'utf8',
    );
    expect(chart).toContain(`kubeVersion: '>=1.${String(oldest)}.0-0'`);
  });
});

describe('the objects of an installation', () => {
  it.each(Object.entries(CASES))('never look like what an agent makes: %s', (_, values) => {
    for (const { metadata } of installationObjects(values))
      expect(metadata.labels?.[LABELS.managedBy]).not.toBe(MANAGED_BY);
    expect(FIELD_MANAGER).not.toBe('kubectl');
  });

  it('come in an order in which they can be made', () => {
    const kinds = installationObjects(PLAIN).map(({ kind }) => kind);
    expect(kinds[0]).toBe('Namespace');
    expect(kinds.at(-1)).toBe('Deployment');
    expect(kinds.indexOf('ClusterRole')).toBeLessThan(kinds.indexOf('ClusterRoleBinding'));
  });
});

describe('values that a person chose', () => {
  it.each([
    [{ image: { repository: 'Upper/case' } }, 'image.repository'],
    [{ image: { repository: 'a b' } }, 'image.repository'],
    [{ image: { tag: '-x' } }, 'image.tag'],
    [{ image: { digest: 'sha256:12' } }, 'image.digest'],
    [{ mesh: { namespace: 'a.b' } }, 'mesh.namespace'],
    [{ proxy: { https: 'http://me:pw@proxy:3128' } }, 'proxy.https'],
    [{ proxy: { https: 'proxy:3128' } }, 'proxy.https'],
    [{ proxy: { noProxy: 'a b' } }, 'proxy.noProxy'],
    [{ extraCa: { pem: CA.replaceAll('CERTIFICATE', 'PRIVATE KEY') } }, 'extraCa.pem'],
    [{ prometheus: { url: 'http://p?x=1' } }, 'prometheus.url'],
    [{ rbac: { writeNamespaces: ['ok', 'No'] } }, 'rbac.writeNamespaces[1]'],
  ])('are refused where they cannot be right: %j', (values, path) => {
    expect(valueFaults(values, 'isthmus-system').map((fault) => fault.path)).toEqual([path]);
  });

  it('are refused all at once, with the namespace', () => {
    expect(valueFaults({ image: { tag: '-' }, mesh: { namespace: '-' } }, '-')).toHaveLength(3);
  });

  it.each(Object.entries(CASES))('are taken: %s', (_, values) => {
    expect(valueFaults(values, 'isthmus-system')).toEqual([]);
  });
});

describe('an image as people write it', () => {
  it.each([
    ['registry.example.com:5000/isthmus/agent:0.1.0', 'registry.example.com:5000/isthmus/agent', '0.1.0'],
    ['registry.example.com:5000/isthmus/agent', 'registry.example.com:5000/isthmus/agent', undefined],
    ['isthmus/agent:1', 'isthmus/agent', '1'],
  ])('%s has repository and tag', (text, repository, tag) => {
    expect(parseImage(text)).toEqual(tag === undefined ? { repository } : { repository, tag });
  });

  it('comes out as it went in', () => {
    for (const text of ['a/b:1', 'r.example:5000/a:1', `a/b@sha256:${'0'.repeat(64)}`])
      expect(imageOf({ ...PLAIN, image: parseImage(text) })).toBe(text);
  });
});
