import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { nodeId } from '../../graphql/node-id.js';
import { Node } from '../nodes/node.type.js';
import type { EntryChange, RevisionDiffModel, RevisionModel } from './revisions.service.js';

const Entry = builder.objectRef<{ name: string; body: unknown }>('RevisionEntry').implement({
  description: 'One fact of a revision.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name, like gns/encryption.' }),
    body: t.field({ type: 'JSON', description: 'Content.', resolve: ({ body }) => body }),
  }),
});
const EntryConnection = defineConnection('RevisionEntry', Entry);

/** A compiled policy. */
export const Revision = builder.objectRef<RevisionModel>('Revision').implement({
  description: 'An immutable, content-addressed snapshot of a global namespace’s policy.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque global id.', resolve: ({ gns, number }) => nodeId('Revision', gns, number) }),
    number: t.exposeInt('number', { description: 'Counts from 1 in its global namespace.' }),
    root: t.exposeString('root', { description: 'Hash of its content.' }),
    compilerVersion: t.exposeInt('compilerVersion', { description: 'Version of the compiler that made it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    entries: t.field({
      type: EntryConnection,
      description: 'Its content, by name.',
      args: pageArgs(t.arg),
      resolve: async (revision, args, context) =>
        pageOf(
          await context.services.revisions.entries(callerOf(context), revision, context.loaders),
          ({ name }) => name,
          args,
        ),
    }),
  }),
});

export const RevisionConnection = defineConnection('Revision', Revision);

export const ChangeEnum = builder.enumType('Change', {
  description: 'How one thing differs between two states.',
  values: {
    ADDED: { description: 'It is only in the newer one.' },
    CHANGED: { description: 'It is in both and differs.' },
    REMOVED: { description: 'It is only in the older one.' },
  } as const,
});

const EntryChangeType = builder.objectRef<EntryChange>('RevisionEntryChange').implement({
  description: 'A fact that differs between two revisions.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name, like gns/encryption.' }),
    change: t.field({ type: ChangeEnum, description: 'How it differs.', resolve: ({ change }) => change }),
    diff: t.exposeString('diff', { description: 'Unified diff of the contents as indented JSON.' }),
  }),
});

export const RevisionDiff = builder.objectRef<RevisionDiffModel>('RevisionDiff').implement({
  description: 'What differs between two revisions.',
  fields: (t) => ({
    from: t.exposeInt('from', { description: 'Number of the older one.' }),
    to: t.exposeInt('to', { description: 'Number of the newer one.' }),
    changes: t.field({
      type: [EntryChangeType],
      description: 'Facts that differ, by name.',
      resolve: ({ changes }) => changes,
    }),
  }),
});
