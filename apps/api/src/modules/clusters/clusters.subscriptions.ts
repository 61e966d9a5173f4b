import type { ResourceRecord } from '@isthmus/store';
import { EVERYTHING } from '../../events/event-queue.js';
import { mapSomeIterator } from '../../events/map-iterator.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import type { ChangeEvent } from '../../events/event-hub.js';
import { Cluster } from './cluster.type.js';

interface ClusterEvent {
  uid?: string;
  cluster?: ResourceRecord;
}

const ClusterEventType = builder.objectRef<ClusterEvent>('ClusterEvent').implement({
  description: 'A cluster’s record changed, or its agent connected, was cut off, revoked or decided upon.',
  fields: (t) => ({
    uid: t.exposeString('uid', {
      nullable: true,
      description: 'uid of the cluster; null: news were lost, read everything again.',
    }),
    cluster: t.field({
      type: Cluster,
      nullable: true,
      description: 'The cluster as it is now; null if its record is gone.',
      resolve: ({ cluster }) => cluster,
    }),
  }),
});

/** uid of the cluster that an event is about. */
function clusterOf({ channel, subject, detail }: ChangeEvent): string | undefined {
  if (channel === 'agents') return subject;
  return channel === 'resources' && subject === 'Cluster' ? detail : undefined;
}

builder.subscriptionFields((t) => ({
  clusterChanged: t.field({
    type: ClusterEventType,
    description: 'Clusters whose record or agent changes from now on. Several changes of one may come as one event.',
    args: { name: t.arg.string({ description: 'Only the cluster of this name.' }) },
    ...needs('Cluster.read'),
    subscribe: (_root, { name }, context) => {
      const viewer = callerOf(context);
      const queue = context.services.events.listen((event) =>
        event.org === viewer.org ? clusterOf(event) : undefined,
      );
      return mapSomeIterator(queue, async (uid): Promise<ClusterEvent | undefined> => {
        if (uid === EVERYTHING) return {};
        const standing = await context.services.clusters.current(viewer, uid);
        if (standing === undefined) return undefined;
        if (standing.isGone) return name ? undefined : { uid };
        const cluster = standing.resource;
        return !name || cluster.name === name ? { uid, cluster } : undefined;
      });
    },
    resolve: (event) => event,
  }),
}));
