import { describe, expect, it } from 'vitest';
import { HostPolicies } from '../../intent/host-policies.js';
import { joinView } from '../../intent/join-view.js';
import { brief, clusterDocument, documentOf, gnsDocument } from '../../resources/resource.fixture.js';
import { parseResource } from '../../resources/parse-resource.js';
import { isPolicy } from '../../resources/schema/kinds.js';
import type { Policy, Resource } from '../../resources/types.js';
import { EMPTY_TREE } from '../../tree/build.js';
import { validateResources } from '../../validation/validate-resources.js';
import { globalNamespace } from '../compile.fixture.js';
import { compilePolicy } from '../policy.js';
import { concerns } from './targets.js';

const gns = globalNamespace();
const SHOP = { globalNamespace: gns.metadata.name };
const TLS = { number: 443, protocol: 'TLS' };
const egress = (allow: object[], spec: object = {}, project?: string) =>
  documentOf('EgressPolicy', { targets: [SHOP], default: 'DENY', allow, ...spec }, project ? { project } : {});
const group = (name: string, members: object[], project?: string) =>
  documentOf('DataGroup', { members }, { name, ...(project && { project }) });
const PCI = group('pci', [{ hosts: ['pay.example.com', 'bank.example.com'], ports: [TLS] }]);

function parsed(documents: readonly object[]): Resource[] {
  return documents.map((document) => {
    const { resource, issues } = parseResource(document);
    if (resource === undefined) throw new Error(JSON.stringify(issues));
    return resource;
  });
}

const policiesOf = (documents: readonly object[]): Policy[] => parsed(documents).filter(isPolicy);

/** The root of the tree, and what is allowed: `<host or network>:<ports>`. */
function compiled(...documents: object[]): { root: string; allowed: string[] } {
  const tree =
    compilePolicy({ clusters: [], gns, policies: policiesOf(documents), compilerVersion: 1 }).tree ?? EMPTY_TREE;
  const blocks = joinView(tree, EMPTY_TREE).view?.blocks ?? [];
  const [block] = new HostPolicies({ blocks: [...blocks] }, {}).explain('egress').holds;
  const allowed = (block?.feature.allow ?? []).flatMap(({ hosts = [], cidrs = [], ports }) =>
    [...hosts, ...cidrs].map(
      (one) => `${one}:${ports.map(({ number, protocol }) => `${number} ${protocol}`).join(',')}`,
    ),
  );
  return { root: tree.root, allowed };
}

function told(...documents: object[]): string[] {
  const all = parsed([gnsDocument(), clusterDocument(), ...documents]);
  return brief(validateResources(all, {})).filter((text) => /ISM09(16|2[0-9])/.test(text));
}

describe('a data group', () => {
  it('allows nothing where it is unknown, or of another project, which is told with a name that is near', () => {
    const policy = egress([{ dataGroups: ['pci'] }]);
    expect(compiled(policy).allowed).toEqual([]);
    expect(compiled(policy, group('pci', [{ hosts: ['x.example.com'] }], 'other')).allowed).toEqual([]);
    expect(told(policy)).toEqual(['ISM0928 spec.allow[0].dataGroups[0]']);
    expect(told(policy, group('pci', [{ hosts: ['x.example.com'] }], 'other'))).toHaveLength(1);
    const all = parsed([gnsDocument(), egress([{ dataGroups: ['pcy'] }]), PCI]);
    expect(validateResources(all, {}).find(({ code }) => code === 'ISM0928')?.hint).toContain('pci');
  });

  it('stays closed where a gateway could not call by name', () => {
    const via = { namespace: 'egress', selector: { istio: 'egressgateway' } };
    const members = [
      { hosts: ['*.example.com', 'a.example.com'] },
      { cidrs: ['192.0.2.0/24'], ports: [{ number: 22, protocol: 'TCP' }] },
    ];
    const documents = [egress([{ dataGroups: ['wide'] }], { via }), group('wide', members)];
    expect(compiled(...documents).allowed).toEqual(['a.example.com:80 HTTP,443 TLS']);
    expect(told(...documents)).toEqual(Array(2).fill('ISM0927 spec.allow[0].dataGroups[0]'));
    expect(told(egress([{ dataGroups: ['wide'] }]), group('wide', members))).toEqual([]);
  });

  it('has a port of one protocol, the first one: the policy itself, then groups by name', () => {
    const own = { hosts: ['pay.example.com'], ports: [{ number: 443, protocol: 'HTTPS' }] };
    const documents = [egress([{ dataGroups: ['pci'] }, own]), PCI];
    expect(compiled(...documents).allowed.sort()).toEqual(['bank.example.com:443 TLS', 'pay.example.com:443 HTTPS']);
    expect(told(...documents)).toEqual(['ISM0929 spec.allow[0].dataGroups[0]']);
    const other = group('a', [{ hosts: ['pay.example.com'], ports: [{ number: 443, protocol: 'HTTP' }] }]);
    const two = egress([{ dataGroups: ['pci', 'a'] }]);
    expect(compiled(two, PCI, other).allowed).toContain('pay.example.com:443 HTTP');
  });

  it('is refused hosts that are answered inside of the mesh', () => {
    expect(told(group('inside', [{ hosts: ['cart.shop.global'] }]))).toEqual(['ISM0916 spec.members[0].hosts[0]']);
  });

  it('is what the policy would allow with its members in it, one host with all of its ports', () => {
    const more = group('more', [{ hosts: ['pay.example.com'], ports: [{ number: 8443, protocol: 'TLS' }] }]);
    const { root, allowed } = compiled(egress([{ hosts: ['pypi.org'] }, { dataGroups: ['pci', 'more'] }]), PCI, more);
    expect(allowed.sort()).toEqual([
      'bank.example.com:443 TLS',
      'pay.example.com:443 TLS,8443 TLS',
      'pypi.org:80 HTTP,443 TLS',
    ]);
    const swapped = egress([{ dataGroups: ['more'] }, { dataGroups: ['pci'] }, { hosts: ['pypi.org'] }]);
    expect(compiled(more, PCI, swapped).root).toBe(root);
  });

  it('moves no tree of a policy that names none', () => {
    const policy = egress([{ hosts: ['b.example.com', 'a.example.com'], ports: [TLS] }]);
    expect(compiled(policy, PCI).root).toBe(compiled(policy).root);
  });

  it('of the project default concerns every project, since policies for all may name it; another one its own', () => {
    const concerned = (project?: string) =>
      policiesOf([group('pci', [{ hosts: ['x.example.com'] }], project)]).map((policy) =>
        ['default', 'team', 'other'].map((one) => concerns(policy, { metadata: { name: 'g', project: one } })),
      );
    expect(concerned()).toEqual([[true, true, true]]);
    expect(concerned('team')).toEqual([[false, true, false]]);
  });
});
