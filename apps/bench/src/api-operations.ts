import type { Tenant } from './api-world.js';

/** One operation of GraphQL, as some tenant sends it. */
export interface Operation {
  token: string;
  query: string;
  variables: Record<string, unknown>;
}

/** Q1: a global namespace with its conditions and 50 services, each with members, addresses, ports and what is known of its clusters. */
const SERVICES = `query Services {
  globalNamespace(name: "shop") {
    name generation domain conditions { type status reason message observedAt }
    services(first: 50) { nodes { host name vip servedMembers ports { number name protocol }
      members { nodes { clusterName namespace service state since freshness { observedAt } } } } }
  }
}`;

/** Q2: one cluster in detail. */
const CLUSTER = `query Cluster($name: String!) {
  cluster(name: $name) {
    name uid generation labels { name value } mesh { kind version }
    conditions { type status reason message observedAt }
    agent { version connected } issues { code message } holds { id }
    targets { nodes { globalNamespace { name } } }
  }
}`;

const PUT = `mutation Put($name: String!, $labels: [LabelInput!]) {
  putProject(input: { name: $name, labels: $labels, spec: {} }) { ok { dryRun } error { message } }
}`;

const NAMES = ['east', 'north', 'west'];

/** 70 of 100 are Q1, the others Q2, over all tenants in turn. */
export function queryAt(index: number, tenants: readonly Tenant[]): Operation {
  const token = tenantAt(index, tenants).token;
  if ((index * 7) % 10 < 7) return { token, query: SERVICES, variables: {} };
  return { token, query: CLUSTER, variables: { name: NAMES[index % NAMES.length] } };
}

/** A change of a resource, which is on disk when it is answered. */
export function mutationAt(index: number, tenants: readonly Tenant[]): Operation {
  const labels = [{ name: 'round', value: String(index) }];
  return { token: tenantAt(index, tenants).token, query: PUT, variables: { name: `bench-${index % 40}`, labels } };
}

function tenantAt(index: number, tenants: readonly Tenant[]): Tenant {
  const tenant = tenants[index % tenants.length];
  if (tenant === undefined) throw new Error('there is no tenant');
  return tenant;
}
