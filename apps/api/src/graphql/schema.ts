import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import '../modules/apply/apply.mutations.js';
import '../modules/apply/put.mutations.js';
import '../modules/audit/audit.queries.js';
import '../modules/audit/change-links.fields.js';
import '../modules/cluster-groups/cluster-groups.queries.js';
import '../modules/clusters/cluster.state.js';
import '../modules/clusters/clusters.mutations.js';
import '../modules/clusters/clusters.queries.js';
import '../modules/clusters/clusters.subscriptions.js';
import '../modules/encryption-policies/encryption-policies.queries.js';
import '../modules/explanations/explanation.fields.js';
import '../modules/global-namespaces/global-namespace.revisions.js';
import '../modules/global-namespaces/global-namespace.rollout.js';
import '../modules/global-namespaces/global-namespace.state.js';
import '../modules/global-namespaces/global-namespaces.queries.js';
import '../modules/holds/holds.operations.js';
import '../modules/issues/issues.queries.js';
import '../modules/nodes/nodes.queries.js';
import '../modules/manifests/manifests.mutations.js';
import '../modules/membership/membership.queries.js';
import '../modules/mesh-objects/mesh-objects.fields.js';
import '../modules/onboarding/onboarding.mutations.js';
import '../modules/organizations/organizations.queries.js';
import '../modules/projects/projects.queries.js';
import '../modules/resources/resources.queries.js';
import '../modules/resources/resources.subscriptions.js';
import '../modules/policies/plain-policies.queries.js';
import '../modules/roles/can-i.queries.js';
import '../modules/roles/roles.mutations.js';
import '../modules/roles/roles.queries.js';
import '../modules/search/search.queries.js';
import '../modules/service-accounts/service-accounts.operations.js';
import '../modules/sessions/sessions.operations.js';
import '../modules/slo-policies/slo-policies.queries.js';
import '../modules/slo-reports/slo-report.numbers.js';
import '../modules/slo-reports/slo-reports.fields.js';
import '../modules/targets/targets.subscriptions.js';
import '../modules/tokens/tokens.operations.js';
import '../modules/topology/topology.fields.js';
import { builder } from './builder.js';
import { guardSchema } from './guard.js';

/** The whole schema, sorted and guarded. */
export function buildSchema(): GraphQLSchema {
  return guardSchema(lexicographicSortSchema(builder.toSchema()));
}

/** The text of `schema.graphql`. */
export function schemaText(schema: GraphQLSchema): string {
  return `${printSchema(schema)}\n`;
}
