import { DEFAULT_HOST_TEMPLATE, DEFAULT_VIP_CIDR } from '@isthmus/domain';
import type { HeadRecord, ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { connectionOf, defineConnection, pageArgs, pageOf, pageRequest } from '../../graphql/connection.js';
import type { Context } from '../../graphql/context.js';
import { namespaceConditions } from '../conditions/namespace-conditions.js';
import { ConditionType } from '../conditions/condition.type.js';
import { EncryptionPolicy } from '../encryption-policies/encryption-policy.type.js';
import { GlobalService, GlobalServiceConnection } from '../global-services/global-service.type.js';
import { Freshness, freshnessOfSession, worstFreshness } from '../inventory/freshness.type.js';
import { Issue } from '../issues/issue.type.js';
import { Node } from '../nodes/node.type.js';
import { Resource } from '../resources/resource.type.js';
import { specOf } from '../resources/spec-of.js';
import { Revision, RevisionConnection, RevisionDiff } from '../revisions/revision.type.js';
import { SloPolicy } from '../slo-policies/slo-policy.type.js';
import type { TargetModel } from '../targets/target-model.js';
import { TargetConnection } from '../targets/target.type.js';
import { policiesOf } from './policies-of.js';

const CatalogHead = builder.objectRef<HeadRecord>('CatalogHead').implement({
  description: 'The newest catalog of a global namespace: what is where.',
  fields: (t) => ({
    epoch: t.exposeInt('catalogEpoch', { description: 'Lineage of the database.' }),
    seq: t.exposeInt('catalogSeq', { description: 'Grows with each catalog.' }),
    root: t.exposeString('catalogRoot', {
      nullable: true,
      description: 'Hash of its content; null until there is one.',
    }),
  }),
});

const targetsOf = ({ uid }: ResourceRecord, context: Context): Promise<TargetModel[]> =>
  context.services.targets.ofGns(callerOf(context), uid, context.loaders);

const byCluster = (a: TargetModel, b: TargetModel): number => (a.record.cluster < b.record.cluster ? -1 : 1);

/** A global namespace. */
export const GlobalNamespace = builder.objectRef<ResourceRecord>('GlobalNamespace');
GlobalNamespace.implement({
  description: 'A virtual sandbox over clusters: services chosen by rules, one domain, one set of policies.',
  interfaces: [Node, Resource],
  fields: (t) => ({
    domain: t.string({ description: 'Domain of its hosts.', resolve: (gns) => specOf('GlobalNamespace', gns).domain }),
    vipCIDR: t.string({
      description: 'Range of its virtual addresses.',
      resolve: (gns) => specOf('GlobalNamespace', gns).vipCIDR ?? DEFAULT_VIP_CIDR,
    }),
    hostTemplate: t.string({
      description: 'How hosts are named.',
      resolve: (gns) => specOf('GlobalNamespace', gns).hostTemplate ?? DEFAULT_HOST_TEMPLATE,
    }),
    services: t.field({
      type: GlobalServiceConnection,
      description: 'Derived services, by host.',
      args: { ...pageArgs(t.arg), search: t.arg.string({ description: 'Only hosts with this text.' }) },
      resolve: async ({ uid }, { search, ...args }, context) => {
        const all = await context.services.globalServices.ofGns(callerOf(context), uid, context.loaders);
        const text = search?.toLowerCase() ?? '';
        return pageOf(
          all.filter(({ host }) => host.includes(text)),
          ({ host }) => host,
          args,
        );
      },
    }),
    service: t.field({
      type: GlobalService,
      nullable: true,
      description: 'One service by host; null if there is none.',
      args: { host: t.arg.string({ required: true, description: 'Host.' }) },
      resolve: async ({ uid }, { host }, context) => {
        const all = await context.services.globalServices.ofGns(callerOf(context), uid, context.loaders);
        return all.find((service) => service.host === host);
      },
    }),
    encryptionPolicies: t.field({
      type: [EncryptionPolicy],
      description: 'Encryption policies that target it.',
      resolve: async (gns, _args, { loaders }) =>
        policiesOf(gns, await loaders.policies.load('all')).filter(({ kind }) => kind === 'EncryptionPolicy'),
    }),
    sloPolicies: t.field({
      type: [SloPolicy],
      description: 'SLO policies that target it or one of its services.',
      resolve: async (gns, _args, { loaders }) =>
        policiesOf(gns, await loaders.policies.load('all')).filter(({ kind }) => kind === 'SloPolicy'),
    }),
    revision: t.field({
      type: Revision,
      nullable: true,
      description: 'A revision of its policy by number, the newest if none is given; null if there is none.',
      args: { number: t.arg.int({ description: 'Number.' }) },
      resolve: async ({ uid }, { number }, context) => {
        const wanted = number ?? (await context.loaders.head.load(uid))?.policyRevision ?? 0;
        return context.services.revisions.get(callerOf(context), { gns: uid, number: wanted }, context.loaders);
      },
    }),
    revisions: t.field({
      type: RevisionConnection,
      description: 'Revisions of its policy, newest first.',
      args: pageArgs(t.arg),
      resolve: async ({ uid }, args, context) =>
        connectionOf(
          await context.services.revisions.list(
            callerOf(context),
            { gns: uid, page: pageRequest(args) },
            context.loaders,
          ),
          args,
        ),
    }),
    revisionDiff: t.field({
      type: RevisionDiff,
      nullable: true,
      description: 'What differs between two revisions; null if one does not exist.',
      args: {
        from: t.arg.int({ required: true, description: 'Number of the older one; 0 is the empty tree.' }),
        to: t.arg.int({ required: true, description: 'Number of the newer one; 0 is the empty tree.' }),
      },
      resolve: ({ uid }, range, context) => context.services.revisions.diff(callerOf(context), uid, range),
    }),
    catalog: t.field({
      type: CatalogHead,
      nullable: true,
      description: 'Its newest catalog; null until it is compiled.',
      resolve: ({ uid }, _args, { loaders }) => loaders.head.load(uid),
    }),
    targets: t.field({
      type: TargetConnection,
      description: 'What is wanted of each cluster, and what each holds.',
      args: pageArgs(t.arg),
      resolve: async (gns, args, context) =>
        pageOf((await targetsOf(gns, context)).toSorted(byCluster), ({ record }) => record.cluster, args),
    }),
    conditions: t.field({
      type: [ConditionType],
      description: 'Compiled, Valid, Applied, Healthy.',
      resolve: async (gns, _args, context) => {
        const { loaders } = context;
        const [head, targets, all] = await Promise.all([
          loaders.head.load(gns.uid),
          targetsOf(gns, context),
          loaders.policies.load('all'),
        ]);
        return namespaceConditions({ gns, policies: policiesOf(gns, all), head, targets });
      },
    }),
    issues: t.field({
      type: [Issue],
      description: 'What the last compile and the agents found.',
      resolve: (gns, _args, context) => context.services.issues.ofNamespace(callerOf(context), gns, context.loaders),
    }),
    freshness: t.field({
      type: Freshness,
      description: 'How old what its clusters told is: that of the one heard longest ago.',
      resolve: async (gns, _args, context) => {
        const now = context.clock.now();
        return worstFreshness((await targetsOf(gns, context)).map(({ session }) => freshnessOfSession(session, now)));
      },
    }),
  }),
});

export const GlobalNamespaceConnection = defineConnection('GlobalNamespace', GlobalNamespace);
