import type {
  DiscoveredGateway,
  DiscoveredMesh,
  InventoryService,
  InventoryServicePort,
  InventoryWorkload,
} from '@isthmus/domain';
import type { InventoryHeadRecord, InventoryNamespaceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { Label, labelList } from '../resources/label.type.js';
import { Issue } from '../issues/issue.type.js';
import { factsOf, inventoryIssues, namespaceOf } from './inventory-facts.js';

const Port = builder.objectRef<InventoryServicePort>('InventoryPort').implement({
  description: 'A port of a Kubernetes Service.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Name, if it has one.' }),
    number: t.exposeInt('number', { description: 'Number.' }),
    protocol: t.exposeString('protocol', { description: 'TCP, UDP or SCTP.' }),
    appProtocol: t.exposeString('appProtocol', {
      nullable: true,
      description: 'Application protocol that the manifest names.',
    }),
    targetPort: t.string({
      description: 'Container port: a number or a name.',
      resolve: ({ targetPort }) => String(targetPort),
    }),
  }),
});

const Service = builder.objectRef<InventoryService>('InventoryService').implement({
  description: 'A Kubernetes Service, as far as discovery needs it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name.' }),
    type: t.exposeString('type', { description: 'Type, as Kubernetes writes it.' }),
    headless: t.exposeBoolean('headless', { description: 'True without a cluster address.' }),
    labels: t.field({ type: [Label], description: 'Labels.', resolve: ({ labels }) => labelList(labels) }),
    selector: t.field({
      type: [Label],
      description: 'Selector; empty = none.',
      resolve: ({ selector }) => labelList(selector),
    }),
    ports: t.field({ type: [Port], description: 'Ports.', resolve: ({ ports }) => ports }),
  }),
});

const Workload = builder.objectRef<InventoryWorkload>('InventoryWorkload').implement({
  description: 'A workload’s template; never its replicas or readiness.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Deployment, StatefulSet, …' }),
    name: t.exposeString('name', { description: 'Name.' }),
    serviceAccount: t.exposeString('serviceAccount', { description: 'Kubernetes service account of its pods.' }),
    labels: t.field({
      type: [Label],
      description: 'Labels of the pod template.',
      resolve: ({ labels }) => labelList(labels),
    }),
  }),
});

const Namespace = builder.objectRef<InventoryNamespaceRecord>('InventoryNamespace').implement({
  description: 'A namespace as the agent last listed it.',
  fields: (t) => ({
    name: t.exposeString('namespace', { description: 'Name.' }),
    readable: t.exposeBoolean('readable', {
      description:
        'False: it could not be listed; what stands here is the last that could, and says nothing about now.',
    }),
    observedAt: t.expose('observedAt', { type: 'DateTime', description: 'When this was reported.' }),
    labels: t.field({
      type: [Label],
      description: 'Labels.',
      resolve: (record) => labelList(namespaceOf(record)?.labels ?? {}),
    }),
    services: t.field({
      type: [Service],
      description: 'Services.',
      resolve: (record) => namespaceOf(record)?.services ?? [],
    }),
    workloads: t.field({
      type: [Workload],
      description: 'Workloads.',
      resolve: (record) => namespaceOf(record)?.workloads ?? [],
    }),
  }),
});
const NamespaceConnection = defineConnection('InventoryNamespace', Namespace);

const Mesh = builder.objectRef<DiscoveredMesh>('DiscoveredMesh').implement({
  description: 'What the agent found out about the mesh; null = not known.',
  fields: (t) => ({
    kind: t.exposeString('kind', { nullable: true, description: 'Kind of mesh.' }),
    version: t.exposeString('version', { nullable: true, description: 'Version.' }),
    mode: t.exposeString('mode', { nullable: true, description: 'sidecar or ambient.' }),
    trustDomain: t.exposeString('trustDomain', { nullable: true, description: 'Trust domain of its identities.' }),
    dnsCapture: t.exposeBoolean('dnsCapture', { nullable: true, description: 'True if proxies answer DNS.' }),
  }),
});

const Gateway = builder.objectRef<DiscoveredGateway>('DiscoveredGateway').implement({
  description: 'An east-west gateway that the agent found.',
  fields: (t) => ({
    namespace: t.exposeString('namespace', { description: 'Namespace.' }),
    service: t.exposeString('service', { description: 'Kubernetes Service.' }),
    addresses: t.exposeStringList('addresses', { description: 'Addresses outside the cluster.' }),
    port: t.exposeInt('port', { description: 'Port.' }),
  }),
});

/** A cluster's inventory. */
export const Inventory = builder.objectRef<InventoryHeadRecord>('Inventory').implement({
  description: 'What the agent of a cluster found, as last reported.',
  fields: (t) => ({
    complete: t.exposeBoolean('complete', { description: 'True once everything readable was listed.' }),
    root: t.exposeString('root', { description: 'Hash of the whole inventory.' }),
    observedAt: t.expose('observedAt', { type: 'DateTime', description: 'When this was reported.' }),
    mesh: t.field({
      type: Mesh,
      nullable: true,
      description: 'The mesh; null until it is reported.',
      resolve: ({ facts }) => factsOf(facts)?.mesh,
    }),
    gateways: t.field({
      type: [Gateway],
      description: 'East-west gateways.',
      resolve: ({ facts }) => factsOf(facts)?.gateways ?? [],
    }),
    issues: t.field({
      type: [Issue],
      description: 'What the agent could not read, or not understand; nothing is deleted for it.',
      resolve: ({ facts }) => inventoryIssues(facts),
    }),
    namespaces: t.field({
      type: NamespaceConnection,
      description: 'Namespaces, by name.',
      args: pageArgs(t.arg),
      resolve: async ({ cluster }, args, { loaders }) => {
        const all = await loaders.inventoryNamespaces.load(cluster);
        return pageOf(all.toSorted(byNamespace), ({ namespace }) => namespace, args);
      },
    }),
  }),
});

function byNamespace(a: InventoryNamespaceRecord, b: InventoryNamespaceRecord): number {
  return a.namespace < b.namespace ? -1 : 1;
}
