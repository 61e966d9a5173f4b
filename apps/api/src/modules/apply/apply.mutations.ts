import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { badInput } from '../../graphql/connection.js';
import { needs, needsAndJudgesTexts } from '../../graphql/guard.js';
import { LabelInput, labelMap, repeatedLabels } from '../resources/label.type.js';
import { keyOf } from '../resources/resource-list.js';
import { ResourceKindEnum } from '../resources/resource.type.js';
import { ApplyResourcesResult, DeleteResourceResult } from './apply-ok.type.js';
import { desiredOf, UNNAMED_FILE } from './desired.js';

const DocumentInput = builder.inputType('DocumentInput', {
  description: 'One file of YAML or JSON documents.',
  fields: (t) => ({
    path: t.string({ required: true, description: 'Relative path, which issues name; like that of a bundle.' }),
    text: t.string({ required: true, description: 'Its text.' }),
  }),
});

const PruneInput = builder.inputType('PruneInput', {
  description: 'Which resources are deleted because they are not among the documents.',
  fields: (t) => ({
    labels: t.field({
      type: [LabelInput],
      required: true,
      description: 'Those that carry all of these labels; at least one.',
    }),
  }),
});

const ApplyResourcesInput = builder.inputType('ApplyResourcesInput', {
  description: 'Resources that shall be there: all of them are stored, or none.',
  fields: (t) => ({
    documents: t.string({ description: 'YAML or JSON documents in one text; instead of `files`.' }),
    files: t.field({
      type: [DocumentInput],
      description: 'YAML or JSON files, as of a bundle; instead of `documents`.',
    }),
    dryRun: t.boolean({
      defaultValue: false,
      description: 'True: nothing is written, and the rendered difference is answered.',
    }),
    mustNotExist: t.boolean({
      defaultValue: false,
      description:
        'True: only if nothing is stored yet under any of the names; otherwise a CONFLICT names all that is there, and nothing is written.',
    }),
    prune: t.field({ type: PruneInput, description: 'Deletes what is not among the documents any more.' }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key is done once and answered the same.',
    }),
  }),
});

const DeleteResourceInput = builder.inputType('DeleteResourceInput', {
  description: 'A resource that shall not be there.',
  fields: (t) => ({
    kind: t.field({ type: ResourceKindEnum, required: true, description: 'Kind.' }),
    name: t.string({ required: true, description: 'Name.' }),
    project: t.string({ description: 'Project; `default` if not given. Ignored for kinds of the organization.' }),
    expectedVersion: t.string({ description: 'Only if it is at this `resourceVersion`.' }),
    dryRun: t.boolean({
      defaultValue: false,
      description: 'True: nothing is deleted, and the rendered difference is answered.',
    }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key is done once and answered the same.',
    }),
  }),
});

interface Documents {
  documents?: string | null;
  files?: { path: string; text: string }[] | null;
}

function filesOf({ documents, files }: Documents): { path: string; text: string }[] {
  const hasText = documents !== undefined && documents !== null;
  if (hasText === Boolean(files)) throw badInput('give either documents or files');
  return hasText ? [{ path: UNNAMED_FILE, text: documents }] : (files ?? []);
}

builder.mutationFields((t) => ({
  applyResources: t.field({
    type: ApplyResourcesResult,
    description:
      'Creates or changes resources from YAML: all of them in one transaction, or none. Plain Kubernetes manifests are left out.',
    args: { input: t.arg({ type: ApplyResourcesInput, required: true, description: 'What shall be there.' }) },
    ...needsAndJudgesTexts('resources.write'),
    resolve: (_root, { input }, context) => {
      const { resources, issues, locate } = desiredOf(filesOf(input), input.mustNotExist ?? false);
      return context.services.apply.apply(callerOf(context), {
        action: 'applyResources',
        puts: resources,
        deletes: [],
        ...(input.prune ? { prune: labelMap(input.prune.labels) } : {}),
        dryRun: input.dryRun ?? false,
        idempotencyKey: input.idempotencyKey ?? undefined,
        input,
        issues: [...issues, ...repeatedLabels(input.prune?.labels, 'prune.labels')],
        locate,
      });
    },
  }),
  deleteResource: t.field({
    type: DeleteResourceResult,
    description:
      'Deletes a resource. It is refused while others need it. Clusters are cleaned up afterwards, clients first.',
    args: { input: t.arg({ type: DeleteResourceInput, required: true, description: 'What shall go.' }) },
    ...needs('resources.delete'),
    resolve: (_root, { input }, context) =>
      context.services.apply.apply(callerOf(context), {
        action: 'deleteResource',
        puts: [],
        deletes: [
          { key: keyOf(input.kind, input.name, input.project), expectedVersion: input.expectedVersion ?? undefined },
        ],
        dryRun: input.dryRun ?? false,
        idempotencyKey: input.idempotencyKey ?? undefined,
        input,
      }),
  }),
}));
