import { mapSomeIterator } from '../../events/map-iterator.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { badInput } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { partsOfId } from '../../graphql/node-id.js';
import { Target } from './target.type.js';
import type { TargetModel } from './target-model.js';

const LINES: readonly string[] = ['target', 'applied', 'head', 'agent'];

/** Everything whose change is worth telling. */
function fingerprint({ record, head, policy, catalog, session }: TargetModel): string {
  const parts = [
    record.version,
    head?.catalogSeq,
    policy?.version,
    catalog?.version,
    session?.session,
    session?.connected,
  ];
  return [record.cluster, ...parts].join('/');
}

builder.subscriptionFields((t) => ({
  targetsChanged: t.field({
    type: [Target],
    description:
      'The targets of a global namespace that changed: all of them first, then those that differ from what was told.',
    args: { globalNamespaceId: t.arg.id({ required: true, description: 'Id of the global namespace.' }) },
    ...needs('GlobalNamespace.read'),
    subscribe: (_root, { globalNamespaceId }, context) => {
      const viewer = callerOf(context);
      const [uid] = partsOfId('GlobalNamespace', globalNamespaceId) ?? [];
      if (uid === undefined) throw badInput('globalNamespaceId is no id of a global namespace');
      const queue = context.services.events.listen(({ channel, org, subject }) =>
        org === viewer.org && (channel === 'agents' || (channel === 'lines' && LINES.includes(subject)))
          ? 'changed'
          : undefined,
      );
      queue.push('changed');
      let told = new Set<string>();
      return mapSomeIterator(queue, async () => {
        const targets = await context.services.targets.fresh(viewer, uid);
        const changed = targets.filter((target) => !told.has(fingerprint(target)));
        told = new Set(targets.map(fingerprint));
        return changed.length === 0 ? undefined : changed;
      });
    },
    resolve: (targets) => targets,
  }),
}));
