import type { CallVerdict, EncryptionMode, GatewayEntry, HostPort, MemberEntry } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { EncryptionModeEnum } from '../encryption-policies/encryption-policy.type.js';
import { PolicySource } from '../explanations/explanation.fields.js';
import { MemberStateEnum } from '../global-services/global-service.type.js';
import { Freshness, freshnessOfSession } from '../inventory/freshness.type.js';
import { SloStatus } from '../slo-reports/slo-report.type.js';
import type { EdgeModel } from './edges.js';
import { served } from './shape.js';
import type { PathModel, PlacedCluster, PlacedService, ServiceGroupModel } from './topology-model.js';

const Port = builder.objectRef<HostPort>('TopologyPort').implement({
  description: 'A port of a service.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Number.' }),
    protocol: t.string({ description: 'Application protocol.', resolve: ({ protocol }) => protocol }),
  }),
});

const Instance = builder.objectRef<MemberEntry>('TopologyInstance').implement({
  description: 'A Kubernetes service in one cluster that stands behind a service.',
  fields: (t) => ({
    cluster: t.exposeString('cluster', { description: 'Name of its cluster.' }),
    namespace: t.exposeString('namespace', { description: 'Kubernetes namespace.' }),
    service: t.exposeString('service', { description: 'Kubernetes service.' }),
    state: t.field({ type: MemberStateEnum, description: 'Where it stands.', resolve: ({ state }) => state }),
    versions: t.stringList({
      description: 'Versions of the workloads behind it; empty where their labels name none.',
      resolve: ({ versions }) => versions ?? [],
    }),
  }),
});

/** A service that is told by itself. */
export const TopologyService = builder.objectRef<PlacedService>('TopologyService').implement({
  description: 'A service of a global namespace where it stands, as it was compiled last.',
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id, that of the GlobalService.', resolve: ({ id }) => id }),
    host: t.string({ description: 'DNS name.', resolve: ({ host }) => host.host.host }),
    name: t.string({
      description: 'Name of the Kubernetes services behind it.',
      resolve: ({ host }) => host.host.service,
    }),
    globalNamespace: t.string({ description: 'Name of its global namespace.', resolve: ({ gns }) => gns.name }),
    project: t.string({ description: 'Project of its global namespace.', resolve: ({ gns }) => gns.project }),
    ports: t.field({ type: [Port], description: 'Ports.', resolve: ({ host }) => host.host.ports }),
    instances: t.field({
      type: [Instance],
      description: 'Where it runs, by cluster, namespace and service; also in clusters that a filter does not name.',
      resolve: ({ host }) => host.members,
    }),
    encryption: t.field({
      type: EncryptionModeEnum,
      nullable: true,
      description: 'Encryption; null: no policy says anything, and the mesh’s own mode stays.',
      resolve: ({ encryption }) => encryption,
    }),
    objective: t.field({
      type: SloStatus,
      nullable: true,
      description: 'How the worst of its objectives stands; null: none was evaluated.',
      resolve: ({ objective }) => objective,
    }),
    serviceGroups: t.stringList({ description: 'Service groups that it belongs to.', resolve: ({ groups }) => groups }),
  }),
});

const EncryptionCount = builder
  .objectRef<{ mode: EncryptionMode | undefined; services: number }>('TopologyEncryptionCount')
  .implement({
    description: 'How many services of a group are encrypted so.',
    fields: (t) => ({
      mode: t.field({
        type: EncryptionModeEnum,
        nullable: true,
        description: 'Encryption; null: as the mesh has it.',
        resolve: ({ mode }) => mode,
      }),
      services: t.exposeInt('services', { description: 'Services.' }),
    }),
  });

function encryptionCounts({ services }: ServiceGroupModel) {
  const counts = new Map<EncryptionMode | undefined, number>();
  for (const { encryption } of services) counts.set(encryption, (counts.get(encryption) ?? 0) + 1);
  return [...counts].map(([mode, count]) => ({ mode, services: count }));
}

/** Services that are told together. */
export const TopologyGroup = builder.objectRef<ServiceGroupModel>('TopologyGroup').implement({
  description: 'Services that are told together, because there are too many to tell each.',
  fields: (t) => ({
    id: t.id({ description: 'To be given as `expand`.', resolve: ({ id }) => id }),
    name: t.string({
      nullable: true,
      description: 'Cluster, namespace or version; null: no version is known of them, or `rest`.',
      resolve: ({ name }) => name,
    }),
    rest: t.boolean({
      description: 'True for the one that stands for the smallest of too many groups.',
      resolve: ({ isRest }) => isRest,
    }),
    services: t.int({
      description: 'Services in it that are not told by themselves; one that belongs to several groups counts in each.',
      resolve: ({ services }) => services.length,
    }),
    breached: t.int({
      description: 'Of them, those of which an objective is breached.',
      resolve: ({ services }) => services.filter(({ objective }) => objective === 'BREACHED').length,
    }),
    unserved: t.int({
      description: 'Of them, those that no cluster serves.',
      resolve: ({ services }) => services.filter((service) => served(service).length === 0).length,
    }),
    encryption: t.field({ type: [EncryptionCount], description: 'Of them, by encryption.', resolve: encryptionCounts }),
  }),
});

const Gateway = builder.objectRef<GatewayEntry>('TopologyGateway').implement({
  description: 'A gateway through which other clusters call.',
  fields: (t) => ({
    address: t.exposeString('address', { description: 'Address or name.' }),
    port: t.exposeInt('port', { description: 'Port.' }),
  }),
});

/** A cluster with the services that run there. */
export const TopologyCluster = builder.objectRef<PlacedCluster & { services: number }>('TopologyCluster').implement({
  description: 'A cluster where services run, or call.',
  fields: (t) => ({
    name: t.string({ description: 'Name.', resolve: ({ entry }) => entry.name }),
    locality: t.string({ nullable: true, description: 'Locality.', resolve: ({ entry }) => entry.locality }),
    network: t.string({ nullable: true, description: 'Network.', resolve: ({ entry }) => entry.network }),
    services: t.exposeInt('services', { description: 'Services that match and run there.' }),
    gateways: t.field({
      type: [Gateway],
      nullable: true,
      description: 'Its gateways for other clusters; empty: none is known. Null: the cluster is not yours to read.',
      resolve: ({ entry, isReadable }) => (isReadable ? (entry.gateways ?? []) : undefined),
    }),
    freshness: t.field({
      type: Freshness,
      nullable: true,
      description: 'How old what it told is; null: the cluster is not yours to read.',
      resolve: ({ session, isReadable }, _args, { clock }) =>
        isReadable ? freshnessOfSession(session, clock.now()) : undefined,
    }),
  }),
});

/** Ways between clusters. */
export const TopologyPath = builder.objectRef<PathModel>('TopologyPath').implement({
  description: 'Calls from other clusters to one that serves, through the gateways of that one.',
  fields: (t) => ({
    to: t.exposeString('to', { description: 'The cluster that serves.' }),
    from: t.exposeStringList('from', { description: 'Clusters that may call, whatever policies of access say.' }),
    gateways: t.exposeInt('gateways', { description: 'Gateways that are known; 0: there is no way yet.' }),
    services: t.exposeInt('services', { description: 'Services that match and can be reached so.' }),
  }),
});

const Verdict = builder.enumType('CallVerdict', {
  description: 'What becomes of calls, by policies of access.',
  values: {
    ALLOWED: { description: 'A rule admits every call.' },
    ALLOWED_BY_DEFAULT: { description: 'No rule speaks of the caller, and the port is open.' },
    DENIED: { description: 'A rule refuses every call.' },
    DENIED_BY_DEFAULT: { description: 'No rule admits the caller, and the port is closed to all others.' },
    DEPENDS: { description: 'On the request, its token, or the workload that calls.' },
  } as const satisfies Record<CallVerdict, object>,
});

/** Calls between two things. */
export const TopologyEdge = builder.objectRef<EdgeModel>('TopologyEdge').implement({
  description: 'What becomes of calls by identities that the mesh vouches for; several edges where ports differ.',
  fields: (t) => ({
    from: t.id({ description: 'Who calls: a service or a group.', resolve: ({ from }) => from }),
    to: t.id({ description: 'Who is called: a service or a group.', resolve: ({ to }) => to }),
    verdict: t.field({ type: Verdict, description: 'What becomes of the calls.', resolve: ({ verdict }) => verdict }),
    rehearsal: t.field({
      type: Verdict,
      nullable: true,
      description: 'What would, if policies that are only rehearsed were enforced; null: none is.',
      resolve: ({ rehearsal }) => rehearsal,
    }),
    ports: t.exposeIntList('ports', {
      description: 'Ports for which it holds; empty: all, or those of many services.',
    }),
    services: t.exposeInt('services', { description: 'Services of the group for which it holds; 1 between services.' }),
    policies: t.field({
      type: [PolicySource],
      description: 'Policies it comes from.',
      resolve: ({ policies }) => policies,
    }),
  }),
});
