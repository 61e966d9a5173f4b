import { GROUP_VERSION, isProjectScoped, parseResource, type ResourceKind } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { badInput } from '../../graphql/connection.js';
import type { Context } from '../../graphql/context.js';
import { needsAndJudgesTexts } from '../../graphql/guard.js';
import { LabelInput, labelMap, repeatedLabels, type LabelModel } from '../resources/label.type.js';
import { PLAIN_KIND_NAMES, PLAIN_KINDS } from '../policies/plain-kinds.js';
import type { MutationFailure } from '../results/failure.js';
import { PutResourceResult } from './apply-ok.type.js';
import type { ApplyOk } from './apply-request.js';

const PutResourceInput = builder.inputType('PutResourceInput', {
  description: 'A resource that shall be there as a whole: what is not given is not set.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name.' }),
    project: t.string({ description: 'Project; `default` if not given. Ignored for kinds of the organization.' }),
    labels: t.field({ type: [LabelInput], description: 'Labels.' }),
    annotations: t.field({ type: [LabelInput], description: 'Annotations.' }),
    spec: t.field({
      type: 'JSON',
      required: true,
      description: 'Spec of the kind, as in YAML; its JSON Schema is published with the product.',
    }),
    expectedVersion: t.string({ description: 'Only if it is at this `resourceVersion`.' }),
    mustNotExist: t.boolean({ defaultValue: false, description: 'Only if there is none of this name yet.' }),
    dryRun: t.boolean({
      defaultValue: false,
      description: 'True: nothing is written, and the rendered difference is answered.',
    }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key is done once and answered the same.',
    }),
  }),
});

interface PutInput {
  name: string;
  project?: string | null;
  labels?: LabelModel[] | null;
  annotations?: LabelModel[] | null;
  spec?: unknown;
  expectedVersion?: string | null;
  mustNotExist?: boolean | null;
  dryRun?: boolean | null;
  idempotencyKey?: string | null;
}

/** The input as the document that YAML would have. */
function documentOf(kind: ResourceKind, { name, project, labels, annotations, spec }: PutInput): unknown {
  const metadata = {
    name,
    ...(isProjectScoped(kind) && project ? { project } : {}),
    ...(labels ? { labels: labelMap(labels) } : {}),
    ...(annotations ? { annotations: labelMap(annotations) } : {}),
  };
  return { apiVersion: GROUP_VERSION, kind, metadata, spec };
}

function expectedOf({ expectedVersion, mustNotExist }: PutInput): string | null | undefined {
  if (mustNotExist && expectedVersion) throw badInput('give either expectedVersion or mustNotExist');
  return mustNotExist ? null : (expectedVersion ?? undefined);
}

function put(kind: ResourceKind, input: PutInput, context: Context): Promise<ApplyOk | MutationFailure> {
  const expectedVersion = expectedOf(input);
  const { resource, issues } = parseResource(documentOf(kind, input));
  return context.services.apply.apply(callerOf(context), {
    action: `put${kind}`,
    puts: resource === undefined ? [] : [{ resource, expectedVersion }],
    deletes: [],
    dryRun: input.dryRun ?? false,
    idempotencyKey: input.idempotencyKey ?? undefined,
    input,
    issues: [
      ...issues,
      ...repeatedLabels(input.labels, 'metadata.labels'),
      ...repeatedLabels(input.annotations, 'metadata.annotations'),
    ],
  });
}

builder.mutationFields((t) => {
  const putField = (kind: ResourceKind, what: string) =>
    t.field({
      type: PutResourceResult,
      description: `Creates or replaces ${what}.`,
      args: { input: t.arg({ type: PutResourceInput, required: true, description: 'What shall be there.' }) },
      ...needsAndJudgesTexts(`${kind}.write`),
      resolve: (_root, { input }, context) => put(kind, input, context),
    });
  return {
    putCluster: putField('Cluster', 'a cluster'),
    putClusterGroup: putField('ClusterGroup', 'a cluster group'),
    putProject: putField('Project', 'a project'),
    putGlobalNamespace: putField('GlobalNamespace', 'a global namespace'),
    putEncryptionPolicy: putField('EncryptionPolicy', 'an encryption policy'),
    putSloPolicy: putField('SloPolicy', 'an SLO policy'),
    ...Object.fromEntries(PLAIN_KIND_NAMES.map((kind) => [`put${kind}`, putField(kind, PLAIN_KINDS[kind].noun)])),
  };
});
