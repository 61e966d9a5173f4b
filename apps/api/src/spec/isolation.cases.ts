import { isProjectScoped, RESOURCE_KINDS, type ResourceKind } from '@isthmus/domain';
import { PLAIN_KIND_NAMES, PLAIN_KINDS } from '../modules/policies/plain-kinds.js';
import { resourceOf, type Place } from './isolation.world.js';

/** The text of one root field, aimed at a place. */
export type Case = (place: Place) => string;

const text = (value: unknown): string => JSON.stringify(value);
/** A value as GraphQL writes it: names of fields bare. */
const literal = (value: unknown): string => text(value).replace(/"(\w+)":/g, '$1:');
const MARKED = '{ uid annotations { value } }';
const NODES = `{ totalCount nodes ${MARKED} pageInfo { endCursor } }`;

function one(kind: ResourceKind): Case {
  return ({ project, name }) => {
    const scope = isProjectScoped(kind) ? `, project: ${text(project)}` : '';
    return `(name: ${text(kind === 'Project' ? project : name)}${scope}) ${MARKED}`;
  };
}

function put(kind: ResourceKind): Case {
  return (place) => {
    const { project, name, annotations = {}, spec } = resourceOf(kind, { ...place, mark: 'made' });
    const notes = Object.entries(annotations).map(([key, value]) => ({ name: key, value }));
    const input = { name, ...(project === '' ? {} : { project }), annotations: notes, spec };
    return `(input: ${literal(input)}) { ok { changes { resource ${MARKED} } } error { code issues { code message } } }`;
  };
}

const many: Case = () => `(first: 100) ${NODES}`;

const NAMED: Readonly<Record<string, readonly [string, ResourceKind]>> = {
  project: ['projects', 'Project'],
  cluster: ['clusters', 'Cluster'],
  clusterGroup: ['clusterGroups', 'ClusterGroup'],
  globalNamespace: ['globalNamespaces', 'GlobalNamespace'],
  encryptionPolicy: ['encryptionPolicies', 'EncryptionPolicy'],
  sloPolicy: ['sloPolicies', 'SloPolicy'],
  ...Object.fromEntries(
    PLAIN_KIND_NAMES.map((kind) => [PLAIN_KINDS[kind].one, [PLAIN_KINDS[kind].many, kind] as const]),
  ),
};

const ACTS = ['abandon', 'unabandon', 'evict', 'forget', 'leave', 'revoke', 'reset', 'unquarantine'].map(
  (act) => `${act}Cluster`,
);
const act: Case = ({ ids }) =>
  `(input: {clusterId: ${text(ids['Cluster'])}}) { ok { cluster ${MARKED} } error { code message } }`;

/** Every query: a field that is missing here fails the matrix. */
export const QUERIES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(NAMED).flatMap(([name, [list, kind]]) => [
      [name, one(kind)],
      [list, many],
    ]),
  ),
  resource: ({ project, name }) => `(kind: GlobalNamespace, name: ${text(name)}, project: ${text(project)}) ${MARKED}`,
  resources: many,
  node: ({ ids }) => `(id: ${text(ids['Hold'])}) { ... on Hold { items } }`,
  nodes: ({ ids }) =>
    `(ids: ${text(Object.values(ids))}) { id ... on Resource ${MARKED} ... on Hold { items } ... on RoleBinding { role } }`,
  membershipPreview: () =>
    '(spec: {domain: "preview.example", members: [{services: {names: ["cart"]}}]}) { unknownClusters services { nodes { host } } issues { message } }',
  auditLog: () => '(first: 100) { nodes { after } }',
  auditSeals: () => '(first: 100) { nodes { seq } }',
  auditSealKeys: () => '',
  canI: ({ project }) => `(permission: "GlobalNamespace.read", at: {project: ${text(project)}})`,
  viewer: () => '{ actor permissions grants { role scope { name } } }',
  organization: () => '{ name conditions { message } }',
  holds: () => '(first: 100) { totalCount nodes { items cluster { name } globalNamespace { name } } }',
  issues: () => '(first: 100) { totalCount nodes { message } }',
  sloReports: () =>
    '(first: 100) { totalCount nodes { errorBudgetRemaining policy { annotations { value } } globalNamespace { annotations { value } } } }',
  apiTokens: () => '(first: 100) { totalCount nodes { name } }',
  accounts: () => '{ id name }',
  sessions: () => '(all: true) { device account { name } }',
  personalTokens: () => '{ name }',
  serviceAccounts: () => '{ name tokens { name } }',
  serviceAccount: ({ mark }) => `(name: ${text(mark)}) { name tokens { name } }`,
  search: ({ mark }) =>
    `(text: ${text(mark)}) { resources ${MARKED} services { host globalNamespace ${MARKED} } serviceAccounts { name } accounts { id name } groups apiTokens { name } }`,
  roles: () => '{ name description }',
  roleBindings: () => '(first: 100) { totalCount nodes { subject { id } } }',
};

/** Every mutation. */
export const MUTATIONS: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(RESOURCE_KINDS.map((kind) => [`put${kind}`, put(kind)])),
  ...Object.fromEntries([...ACTS, 'cancelClusterLeave'].map((name) => [name, act])),
  applyResources: ({ project, name }) => {
    const { spec, annotations } = resourceOf('GlobalNamespace', { project, name, mark: 'made' });
    const metadata = { name, project, annotations };
    const documents = text({ apiVersion: 'isthmus.dev/v1alpha1', kind: 'GlobalNamespace', metadata, spec });
    return `(input: {documents: ${text(documents)}}) { ok { changes { resource ${MARKED} } } error { code issues { code message } } }`;
  },
  deleteResource: ({ project, name }) =>
    `(input: {kind: TrafficPolicy, name: ${text(name)}, project: ${text(project)}}) { ok { changes { outcome name } } error { code } }`,
  approvePrune: ({ ids }) =>
    `(input: {holdId: ${text(ids['Hold'])}, heldSetHash: ${text('a'.repeat(64))}}) { ok { items } error { code message } }`,
  createAgentManifest: ({ name }) => `(input: {cluster: ${text(name)}}) { ok { cluster ${MARKED} } error { code } }`,
  createEnrolmentToken: ({ name }) => `(input: {cluster: ${text(name)}}) { ok { cluster ${MARKED} } error { code } }`,
  createApiToken: () => '(input: {name: "made", role: VIEWER}) { ok { apiToken { name } } error { code } }',
  createPersonalToken: () => '(input: {name: "made", role: "Viewer"}) { ok { apiToken { name } } error { code } }',
  endSession: ({ ids }) => `(sessionId: ${text(ids['Session'])}) { ok { id } error { code } }`,
  lockAccount: ({ ids }) => `(accountId: ${text(ids['Account'])}) { ok { id name } error { code } }`,
  unlockAccount: ({ ids }) => `(accountId: ${text(ids['Account'])}) { ok { id name } error { code } }`,
  revokeApiToken: ({ ids }) => `(input: {tokenId: ${text(ids['ApiToken'])}}) { ok { name } error { code } }`,
  createServiceAccount: () => '(input: {name: "made"}) { ok { name } error { code } }',
  createServiceAccountToken: ({ ids }) =>
    `(input: {serviceAccountId: ${text(ids['ServiceAccount'])}, name: "made", role: "Viewer"}) { ok { apiToken { owner name } } error { code } }`,
  ...Object.fromEntries(
    ['disable', 'enable', 'delete'].map((verb) => [
      `${verb}ServiceAccount`,
      ({ ids }: Place) => `(id: ${text(ids['ServiceAccount'])}) { ok { name } error { code } }`,
    ]),
  ),
  grantRole: ({ project }) =>
    `(input: {subjectKind: GROUP, subject: "made", role: "Viewer", scope: {kind: PROJECT, name: ${text(project)}}}) { ok { subject { id } } error { code } }`,
  revokeRole: ({ ids }) => `(input: {bindingId: ${text(ids['RoleBinding'])}}) { ok { subject { id } } error { code } }`,
  putCustomRole: ({ name }) =>
    `(input: {name: ${text(`role-${name}`)}, description: "made", permissions: ["Cluster.read"]}) { ok { description } error { code } }`,
  deleteCustomRole: ({ name }) => `(input: {name: ${text(`role-${name}`)}}) { ok { description } error { code } }`,
};

/** What an allowed answer shows where it is not the mark of the place: fields that have no row of their own. */
export const ROWS: Readonly<Record<string, string>> = {
  auditSeals: '"seq":1',
  auditSealKeys: '[]',
  canI: 'true',
  membershipPreview: '"unknownClusters":["x"',
  viewer: 'user:spec',
  organization: 'default',
  deleteResource: 'DELETED',
  createApiToken: 'made',
  createPersonalToken: 'made',
  createServiceAccount: 'made',
  createServiceAccountToken: 'made',
  endSession: '"ok":{"id"',
  grantRole: 'made',
  putCustomRole: 'made',
};

/** Every subscription has its events in the spec. */
export const SUBSCRIPTIONS: readonly string[] = ['clusterChanged', 'resourceChanged', 'targetsChanged'];
