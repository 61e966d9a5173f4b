import type { ClusterLife } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import type { DepartureNamespace as NamespaceModel } from './departures.js';

/** What was decided about a cluster, and what holds it. */
export interface DepartureModel {
  life: ClusterLife | undefined;
  namespaces: NamespaceModel[];
  proof: ProvenNamespace[];
}

/** What an agent reported last of one global namespace, by project/name. */
export interface ProvenNamespace {
  gns: string;
  objects: number;
  reportedAt: string;
}

const PhaseEnum = builder.enumType('ClusterPhase', {
  description: 'Whether a cluster takes part.',
  values: {
    MEMBER: { description: 'It takes part.' },
    LEAVING: { description: 'Others stop using it, then it removes what it holds.' },
    LEFT: { description: 'It has proven that it holds nothing any more.' },
    EVICTED: { description: 'It was dropped at once; what it held stays there.' },
  } as const,
});

const DepartureNamespace = builder.objectRef<NamespaceModel>('DepartureNamespace').implement({
  description: 'What a cluster has to do with one global namespace, and what still holds it there.',
  fields: (t) => ({
    globalNamespace: t.string({
      description: 'project/name; the uid if it was deleted.',
      resolve: async ({ gns }, _args, { loaders }) => {
        const record = await loaders.resource.load(gns);
        return record === undefined ? gns : `${record.project}/${record.name}`;
      },
    }),
    hosts: t.exposeStringList('hosts', { description: 'Hosts that it has a member of.' }),
    lastOf: t.exposeStringList('lastOf', { description: 'Hosts that no other cluster serves: they go with it.' }),
    draining: t.exposeInt('draining', { description: 'Members that drain.' }),
    drainEndsAt: t.expose('drainEndsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last drain that has begun ends.',
    }),
    waitingFor: t.stringList({
      description: 'Names of clusters that have not confirmed yet that they stopped using its members.',
      resolve: ({ waitingFor }, _args, { loaders }) =>
        Promise.all(waitingFor.map(async (uid) => (await loaders.resource.load(uid))?.name ?? uid)),
    }),
    objects: t.exposeInt('objects', { description: 'Objects that its agent said last that it holds.' }),
    reportedAt: t.expose('reportedAt', { type: 'DateTime', nullable: true, description: 'When it said so.' }),
    state: t.exposeString('target', {
      nullable: true,
      description: 'ACTIVE, LEAVING (it was told to remove everything) or CLOSED.',
    }),
  }),
});

const ProvenNamespaceType = builder.objectRef<ProvenNamespace>('ProvenNamespace').implement({
  description: 'What the agent reported last of one global namespace, kept when the cluster went.',
  fields: (t) => ({
    globalNamespace: t.exposeString('gns', { description: 'project/name.' }),
    objects: t.exposeInt('objects', { description: 'Objects that it held.' }),
    reportedAt: t.exposeString('reportedAt', { description: 'When it said so.' }),
  }),
});

/** The way of a cluster out. */
export const Departure = builder.objectRef<DepartureModel>('Departure').implement({
  description:
    'What was decided about a cluster, and what it has to do with global namespaces: a preview before it leaves, its progress then.',
  fields: (t) => ({
    phase: t.field({
      type: PhaseEnum,
      description: 'Where it stands.',
      resolve: ({ life }) => life?.phase ?? 'MEMBER',
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when; null if nobody ever decided anything.',
      resolve: ({ life }) => (life === undefined || life.by === '' ? null : life.since),
    }),
    by: t.string({ nullable: true, description: 'Who decided it.', resolve: ({ life }) => life?.by || null }),
    abandonedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when drains do not wait for it.',
      resolve: ({ life }) => life?.abandonedAt,
    }),
    abandonedBy: t.string({
      nullable: true,
      description: 'Who abandoned it.',
      resolve: ({ life }) => life?.abandonedBy,
    }),
    forgottenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When what it reported was deleted; it has reported nothing since.',
      resolve: ({ life }) => life?.forgottenAt,
    }),
    namespaces: t.field({
      type: [DepartureNamespace],
      description: 'Global namespaces that it holds or has members of.',
      resolve: ({ namespaces }) => namespaces,
    }),
    proof: t.field({
      type: [ProvenNamespaceType],
      description: 'LEFT: the last reports, each of no objects. EVICTED: what stays behind in the cluster.',
      resolve: ({ proof }) => proof,
    }),
  }),
});
