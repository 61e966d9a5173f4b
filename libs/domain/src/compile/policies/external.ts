import type { ExternalEntry } from '../../intent/external.js';
import { formatPath } from '../../issues/field-path.js';
import type { Issue } from '../../issues/issue.js';
import { issue } from '../../issues/make-issue.js';
import { originationPorts, resolutionOf } from '../../resources/policies/external-faults.js';
import type { ExternalServiceSpec } from '../../resources/policies/external-service.js';
import type { ExternalService, GlobalNamespace, Policy } from '../../resources/types.js';
import { byCodeUnit, canonicalJson } from '../../tree/canonical.js';
import { entry } from '../../tree/entry.js';
import type { Canonical, TreeEntry } from '../../tree/types.js';
import { canonicalBody } from '../canonical-body.js';
import { concerns, policyRef, projectOf } from './targets.js';
import { viaOf } from './via.js';

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort(byCodeUnit);

function endpointsOf({ endpoints = [] }: ExternalServiceSpec): ExternalEntry['endpoints'] {
  const all = endpoints.map(({ address, priority = 0, locality, port }) => ({
    address,
    ...(priority === 0 ? {} : { priority }),
    ...(locality === undefined ? {} : { locality }),
    ...(port === undefined ? {} : { port }),
  }));
  const byText = new Map(all.map((one) => [canonicalJson(one as Canonical), one]));
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
}

function tlsOf(spec: ExternalServiceSpec): ExternalEntry['tls'] {
  const { tls } = spec;
  if (tls === undefined) return undefined;
  const { mode, sni, subjectAltNames, credential } = tls;
  return {
    mode,
    ports: originationPorts(spec).sort((a, b) => a - b),
    sni,
    subjectAltNames: subjectAltNames && sorted(subjectAltNames),
    credential,
  };
}

function bodyOf(service: ExternalService, hosts: readonly string[]): ExternalEntry {
  const { spec, metadata } = service;
  return {
    kind: 'external',
    project: projectOf(service),
    name: metadata.name,
    hosts: sorted(hosts),
    addresses: spec.addresses && sorted(spec.addresses),
    ports: [...spec.ports]
      .sort((a, b) => a.number - b.number)
      .map(({ number, protocol, targetPort }) => ({ number, protocol, targetPort })),
    resolution: resolutionOf(spec),
    endpoints: endpointsOf(spec),
    tls: tlsOf(spec),
    via: viaOf(spec.via),
  };
}

const orderOf = (service: ExternalService): string => `${projectOf(service)}/${service.metadata.name}`;

/**
 * Entries `gns/external/<project>/<name>`. A host belongs to one of them, the first by project and name: meshes know one meaning of
 * a host in a namespace. The other one is told, and goes without the host.
 */
export function externalEntries(policies: readonly Policy[], gns: GlobalNamespace, issues: Issue[]): TreeEntry[] {
  const services = policies
    .filter((policy) => policy.kind === 'ExternalService')
    .filter((policy) => concerns(policy, gns))
    .sort((a, b) => byCodeUnit(orderOf(a), orderOf(b)));
  const holders = new Map<string, ExternalService>();
  return services.flatMap((service) => {
    const free = service.spec.hosts.filter((host, index) => {
      const holder = holders.get(host);
      if (holder === undefined) holders.set(host, service);
      if (holder === undefined || holder === service) return true;
      const message = `ExternalService ${orderOf(holder)} has host ${host} in ${gns.metadata.name} and keeps it`;
      issues.push(
        issue('ISM0921', { path: formatPath(['spec', 'hosts', index]), message, resource: policyRef(service) }),
      );
      return false;
    });
    if (free.length === 0) return [];
    return [entry(`gns/external/${orderOf(service)}`, canonicalBody(bodyOf(service, free)))];
  });
}
