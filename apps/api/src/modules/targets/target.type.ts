import type { AppliedRecord, TargetRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';
import { nodeId } from '../../graphql/node-id.js';
import { Cluster } from '../clusters/cluster.type.js';
import { GlobalNamespace } from '../global-namespaces/global-namespace.type.js';
import { Issue } from '../issues/issue.type.js';
import { issuesOfJson } from '../issues/issue-json.js';
import { Freshness, freshnessOfSession } from '../inventory/freshness.type.js';
import { Node } from '../nodes/node.type.js';
import { appliedRevision, isCurrent, stateOf, statusOf, type TargetModel } from './target-model.js';

const TargetStatusEnum = builder.enumType('TargetStatus', {
  description: 'Where a target stands.',
  values: {
    UNKNOWN: { description: 'The agent is not connected: what it holds now is not known.' },
    PENDING: { description: 'The agent has not applied what is wanted yet.' },
    APPLIED: { description: 'The agent applied what is wanted, without errors. It says nothing about traffic.' },
    FAILED: { description: 'The agent took it, and some of it could not be applied.' },
    HELD: { description: 'Deletions wait for a person’s approval.' },
    LEFT: { description: 'The cluster has left the global namespace.' },
  } as const,
});

const TargetStateEnum = builder.enumType('TargetState', {
  description: 'Life of a target.',
  values: {
    ACTIVE: { description: 'The cluster takes part.' },
    LEAVING: { description: 'The empty tree is on its way.' },
    CLOSED: { description: 'The agent confirmed that nothing is left.' },
  } as const,
});

const Position = builder.objectRef<{ epoch: number; seq: number; root: string }>('LinePosition').implement({
  description: 'A place on a line: (epoch, seq) orders, the root says what the content is.',
  fields: (t) => ({
    epoch: t.exposeInt('epoch', { description: 'Lineage of the database.' }),
    seq: t.exposeInt('seq', { description: 'Grows with each move.' }),
    root: t.exposeString('root', { description: 'Hash of the whole content; equal roots are equal content.' }),
  }),
});

const Wanted = builder.objectRef<TargetRecord>('WantedPolicy').implement({
  description: 'The policy that a cluster is asked to hold.',
  fields: (t) => ({
    position: t.field({ type: Position, description: 'Place on the policy line.', resolve: ({ ref }) => ref }),
    revision: t.exposeInt('revision', {
      nullable: true,
      description: 'Number of the revision; null for the empty tree of a leaving cluster.',
    }),
    minCatalogSeq: t.exposeInt('minCatalogSeq', { description: 'The catalog that the policy waits for.' }),
    movedAt: t.expose('movedAt', { type: 'DateTime', description: 'When it was asked for.' }),
  }),
});

interface AppliedLine extends AppliedRecord {
  revision: number | undefined;
}

const Applied = builder.objectRef<AppliedLine>('AppliedLine').implement({
  description: 'What an agent said it applied of one line.',
  fields: (t) => ({
    position: t.field({ type: Position, description: 'Place on the line.', resolve: ({ ref }) => ref }),
    revision: t.exposeInt('revision', {
      nullable: true,
      description: 'Number of the revision, if it is the wanted or the newest one; null for the catalog line.',
    }),
    state: t.string({
      nullable: true,
      description: 'State that the agent gave, like APPLIED, WAITING or HELD.',
      resolve: stateOf,
    }),
    objectCount: t.exposeInt('objectCount', {
      description: 'Objects that the cluster holds for the global namespace.',
    }),
    renderedObjects: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The objects, if the agent lists them.',
      resolve: ({ objects }) => objects,
    }),
    errorCount: t.exposeInt('errorCount', { description: 'Errors among the issues.' }),
    warningCount: t.exposeInt('warningCount', { description: 'Warnings among the issues.' }),
    issues: t.field({
      type: [Issue],
      description: 'What the agent found.',
      resolve: ({ issues }) => issuesOfJson(issues),
    }),
    appliedAt: t.expose('appliedAt', { type: 'DateTime', description: 'When this was reported.' }),
  }),
});

function catalogPlace({ head }: TargetModel): { epoch: number; seq: number; root: string } | undefined {
  if (head?.catalogRoot === undefined) return undefined;
  return { epoch: head.catalogEpoch, seq: head.catalogSeq, root: head.catalogRoot };
}

/** What is wanted of a cluster for a global namespace, and what it holds. */
export const Target = builder.objectRef<TargetModel>('Target');
Target.implement({
  description: 'What is wanted of one cluster for one global namespace, and what its agent last said it holds.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque global id.',
      resolve: ({ record }) => nodeId('Target', record.cluster, record.gns),
    }),
    cluster: t.field({
      type: Cluster,
      nullable: true,
      description: 'The cluster; null once its record is gone, and for those who may not read it.',
      resolve: ({ record }, _args, { loaders }) => loaders.resource.load(record.cluster),
    }),
    clusterName: t.string({
      nullable: true,
      description: 'Name of the cluster, also for those who may not read it; null once its record is gone.',
      resolve: ({ record }, _args, { loaders }) => loaders.nameOf(record.cluster),
    }),
    globalNamespace: t.field({
      type: GlobalNamespace,
      nullable: true,
      description: 'The global namespace; null once its record is gone.',
      resolve: ({ record }, _args, { loaders }) => loaders.resource.load(record.gns),
    }),
    state: t.field({
      type: TargetStateEnum,
      description: 'Life of the target.',
      resolve: ({ record }) => record.state,
    }),
    status: t.field({ type: TargetStatusEnum, description: 'Where it stands.', resolve: statusOf }),
    inSync: t.boolean({
      nullable: true,
      description: 'True if the agent holds what is wanted; null while the agent is not connected.',
      resolve: (target) => (target.session?.connected === true ? isCurrent(target) : null),
    }),
    wanted: t.field({ type: Wanted, description: 'Policy that is wanted.', resolve: ({ record }) => record }),
    wantedCatalog: t.field({
      type: Position,
      nullable: true,
      description: 'Catalog that is wanted; null until there is one.',
      resolve: catalogPlace,
    }),
    applied: t.field({
      type: Applied,
      nullable: true,
      description: 'Policy that the agent last said it applied.',
      resolve: (target) => target.policy && { ...target.policy, revision: appliedRevision(target) },
    }),
    appliedCatalog: t.field({
      type: Applied,
      nullable: true,
      description: 'Catalog that the agent last said it applied.',
      resolve: ({ catalog }) => catalog && { ...catalog, revision: undefined },
    }),
    freshness: t.field({
      type: Freshness,
      description: 'How old what is said here is.',
      resolve: ({ session }, _args, { clock }) => freshnessOfSession(session, clock.now()),
    }),
  }),
});

export const TargetConnection = defineConnection('Target', Target);
