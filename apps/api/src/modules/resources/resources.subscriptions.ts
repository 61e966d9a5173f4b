import { isResourceKind, type ResourceKind } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { EVERYTHING } from '../../events/event-queue.js';
import { mapSomeIterator } from '../../events/map-iterator.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { Resource, ResourceKindEnum } from './resource.type.js';

interface ResourceEvent {
  uid?: string;
  kind?: ResourceKind;
  resource?: ResourceRecord;
}

const ResourceEventType = builder.objectRef<ResourceEvent>('ResourceEvent').implement({
  description: 'A resource was created, changed or deleted.',
  fields: (t) => ({
    uid: t.exposeString('uid', {
      nullable: true,
      description: 'uid of the resource; null: news were lost, read everything again.',
    }),
    kind: t.field({ type: ResourceKindEnum, nullable: true, description: 'Its kind.', resolve: ({ kind }) => kind }),
    resource: t.field({
      type: Resource,
      nullable: true,
      description: 'The resource as it is now; null if it is gone.',
      resolve: ({ resource }) => resource,
    }),
  }),
});

builder.subscriptionFields((t) => ({
  resourceChanged: t.field({
    type: ResourceEventType,
    description:
      'Resources that are created, changed or deleted from now on. Several changes of one may come as one event.',
    args: { kinds: t.arg({ type: [ResourceKindEnum], description: 'Only of these kinds; all if not given.' }) },
    ...needs('resources.read'),
    subscribe: (_root, { kinds }, context) => {
      const viewer = callerOf(context);
      const queue = context.services.events.listen(({ channel, org, subject, detail }) =>
        channel === 'resources' && org === viewer.org && isWanted(subject, kinds)
          ? `${subject}/${detail ?? ''}`
          : undefined,
      );
      return mapSomeIterator(queue, async (key): Promise<ResourceEvent | undefined> => {
        if (key === EVERYTHING) return {};
        const [kind = '', uid = ''] = key.split('/');
        const standing = await context.services.clusters.current(viewer, uid);
        if (standing === undefined) return undefined;
        const about = { uid, ...(isResourceKind(kind) ? { kind } : {}) };
        return standing.isGone ? about : { ...about, resource: standing.resource };
      });
    },
    resolve: (event) => event,
  }),
}));

function isWanted(kind: string, kinds: readonly string[] | null | undefined): boolean {
  return kinds === null || kinds === undefined || kinds.includes(kind);
}
