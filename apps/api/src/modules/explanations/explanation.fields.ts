import type { ExplainedFeature, HostExplanation, PublishedAs } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { EncryptionModeEnum } from '../encryption-policies/encryption-policy.type.js';
import { GlobalService } from '../global-services/global-service.type.js';

type Held = ExplainedFeature['holds'][number];
type Lost = ExplainedFeature['lost'][number];

const Scope = builder.enumType('PolicyScope', {
  description: 'How much a policy means, from wide to narrow.',
  values: {
    ORGANIZATION: { description: 'Every global namespace.' },
    PROJECT: { description: 'Every global namespace of a project.' },
    GLOBAL_NAMESPACE: { description: 'One global namespace.' },
    SERVICE_GROUP: { description: 'Services of a group.' },
    SERVICE: { description: 'One service.' },
    PORT: { description: 'One port of a service.' },
  } as const,
});

const Reason = builder.enumType('PolicyLossReason', {
  description: 'Why what a policy says has no effect.',
  values: {
    EXPIRED: { description: 'Its time is over; against is the policy itself.' },
    NARROWER_SCOPE: { description: 'A policy of narrower scope says it.' },
    ENFORCED: { description: 'A policy that is enforced says it.' },
    EQUAL_SCOPE: { description: 'A policy of equal scope says it, and is the first by project and name.' },
  } as const,
});

/** A policy by name. */
export const PolicySource = builder.objectRef<Held['policy']>('PolicySource').implement({
  description: 'A policy by name; it may be gone since.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Kind.' }),
    project: t.exposeString('project', { description: 'Project.' }),
    name: t.exposeString('name', { description: 'Name.' }),
  }),
});

const PolicyBlock = builder.interfaceRef<Held>('PolicyBlock').implement({
  description: 'What one policy says of one feature.',
  fields: (t) => ({
    policy: t.field({ type: PolicySource, description: 'The policy.', resolve: ({ policy }) => policy }),
    scope: t.field({ type: Scope, description: 'Scope of the target.', resolve: ({ scope }) => scope }),
    serviceGroup: t.string({
      nullable: true,
      description: 'The service group, with that scope.',
      resolve: ({ group }) => group,
    }),
    enforced: t.exposeBoolean('enforced', { description: 'True if it beats narrower scopes.' }),
    fields: t.field({
      type: 'JSON',
      description: 'What it says, in base units: milliseconds, hundredths of a percent.',
      resolve: ({ fields }) => fields,
    }),
  }),
});

const EffectiveBlock = builder.objectRef<Held>('EffectiveBlock').implement({
  description: 'What a policy says, and holds.',
  interfaces: [PolicyBlock],
});

const LostBlock = builder.objectRef<Lost>('LostBlock').implement({
  description: 'What a policy says, without effect.',
  interfaces: [PolicyBlock],
  fields: (t) => ({
    reason: t.field({ type: Reason, description: 'Why.', resolve: ({ reason }) => reason }),
    against: t.field({
      type: PolicySource,
      description: 'The policy that it lost against.',
      resolve: ({ against }) => against,
    }),
  }),
});

const Feature = builder.objectRef<ExplainedFeature>('EffectiveFeature').implement({
  description: 'What holds of one feature for ports of a host.',
  fields: (t) => ({
    feature: t.exposeString('feature', { description: 'Kind of the feature, such as timeout or routes.' }),
    ports: t.exposeIntList('ports', { description: 'The ports for which it holds; empty: all.' }),
    holds: t.field({
      type: [EffectiveBlock],
      description: 'What holds: one block, or several that hold together.',
      resolve: ({ holds }) => holds,
    }),
    lost: t.field({ type: [LostBlock], description: 'What lost, the strongest first.', resolve: ({ lost }) => lost }),
  }),
});

const Published = builder.objectRef<PublishedAs>('PublishedAs').implement({
  description: 'Names by which the world outside calls a host.',
  fields: (t) => ({
    policy: t.field({ type: PolicySource, description: 'The public service.', resolve: ({ policy }) => policy }),
    hosts: t.exposeStringList('hosts', { description: 'DNS names.' }),
    clusters: t.exposeStringList('clusters', { description: 'Clusters whose ingress gateways lead to it.' }),
    paths: t.exposeStringList('paths', {
      description: 'Paths that lead to it; empty: all that lead nowhere else.',
    }),
  }),
});

const Effective = builder.objectRef<HostExplanation>('EffectivePolicies').implement({
  description: 'What policies come to for a host, as it was compiled last.',
  fields: (t) => ({
    encryption: t.field({
      type: EncryptionModeEnum,
      nullable: true,
      description: 'Encryption; null: no policy says anything, and the mesh’s own mode stays.',
      resolve: ({ encryption }) => encryption,
    }),
    features: t.field({ type: [Feature], description: 'By feature and ports.', resolve: ({ features }) => features }),
    published: t.field({
      type: [Published],
      description: 'Public services that lead to it.',
      resolve: ({ published }) => published,
    }),
  }),
});

builder.objectFields(GlobalService, (t) => ({
  effectivePolicies: t.field({
    type: Effective,
    nullable: true,
    description:
      'What policies come to for it, from which policy and scope, and what lost; null until it was compiled.',
    resolve: ({ gns, host }, _args, context) =>
      context.services.explanations.ofHost(callerOf(context), { gns, host }, context.loaders),
  }),
}));
