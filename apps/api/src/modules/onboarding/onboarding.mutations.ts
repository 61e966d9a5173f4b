import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { Cluster } from '../clusters/cluster.type.js';
import { defineResult } from '../results/result.type.js';
import type { EnrolmentModel } from './onboarding.service.js';

const CreateEnrolmentTokenOk = builder.objectRef<EnrolmentModel>('CreateEnrolmentTokenOk').implement({
  description: 'A new enrolment token and how to use it.',
  fields: (t) => ({
    cluster: t.field({
      type: Cluster,
      nullable: true,
      description: 'The cluster that it is bound to.',
      resolve: ({ cluster }, _args, { loaders }) => loaders.resource.load(cluster),
    }),
    secret: t.exposeString('secret', { description: 'The token: for one use, and never shown again.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be used.' }),
    gatewayUrl: t.exposeString('gatewayUrl', { description: 'Address that the agent dials.' }),
    gatewayCa: t.exposeString('gatewayCa', {
      nullable: true,
      description: 'CA to trust the gateway by, in PEM; null if a public one signs it.',
    }),
    installCommand: t.exposeString('installCommand', {
      description:
        'Shell lines that start the agent over a folder of manifests. For a Kubernetes cluster use createAgentManifest.',
    }),
  }),
});
const CreateEnrolmentTokenResult = defineResult('CreateEnrolmentToken', CreateEnrolmentTokenOk);

const CreateEnrolmentTokenInput = builder.inputType('CreateEnrolmentTokenInput', {
  description: 'An enrolment token to make.',
  fields: (t) => ({
    cluster: t.string({ required: true, description: 'Name of the cluster.' }),
    again: t.boolean({
      defaultValue: false,
      description:
        'The cluster was enrolled before: using the token replaces its identity, also for a cluster that was built anew, has left, or was revoked.',
    }),
    expiresInMinutes: t.int({
      defaultValue: 15,
      description: '1 to 1440; keep it short unless a GitOps run has to pick it up.',
    }),
  }),
});

builder.mutationFields((t) => ({
  createEnrolmentToken: t.field({
    type: CreateEnrolmentTokenResult,
    description: 'Makes a single-use token that lets the agent of one cluster in.',
    args: { input: t.arg({ type: CreateEnrolmentTokenInput, required: true, description: 'The token to make.' }) },
    ...needs('agents.write'),
    resolve: (_root, { input }, context) =>
      context.services.onboarding.createToken(callerOf(context), {
        cluster: input.cluster,
        minutes: input.expiresInMinutes ?? 15,
        again: input.again ?? false,
      }),
  }),
}));
