import { builder } from '../../graphql/builder.js';
import type { ClusterPreview, ObjectChange, Preview } from '../../preview/preview.js';
import { Issue } from '../issues/issue.type.js';
import { ChangeEnum } from '../revisions/revision.type.js';

const ObjectChangeType = builder.objectRef<ObjectChange>('RenderedObjectChange').implement({
  description: 'How one object in a cluster would change.',
  fields: (t) => ({
    change: t.field({ type: ChangeEnum, description: 'How.', resolve: ({ change }) => change }),
    apiVersion: t.exposeString('apiVersion', { description: 'apiVersion of the object.' }),
    kind: t.exposeString('kind', { description: 'Kind of the object.' }),
    namespace: t.exposeString('namespace', {
      nullable: true,
      description: 'Its namespace; null for cluster-scoped objects.',
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    diff: t.exposeString('diff', { description: 'Unified diff of its YAML.' }),
  }),
});

const ClusterPreviewType = builder.objectRef<ClusterPreview>('ClusterPreview').implement({
  description: 'What a change would do in one cluster.',
  fields: (t) => ({
    cluster: t.exposeString('cluster', { description: 'Name of the cluster.' }),
    added: t.exposeInt('added', { description: 'Objects that would be added.' }),
    changed: t.exposeInt('changed', { description: 'Objects that would change.' }),
    removed: t.exposeInt('removed', { description: 'Objects that would be removed.' }),
    objects: t.field({
      type: [ObjectChangeType],
      description: 'Removed, changed, added objects with their diffs; at most 200.',
      resolve: ({ objects }) => objects,
    }),
    truncated: t.exposeBoolean('truncated', { description: 'True if there are more objects than listed.' }),
    issues: t.field({ type: [Issue], description: 'What rendering there would say.', resolve: ({ issues }) => issues }),
  }),
});

/** What a dry run shows. */
export const PreviewType = builder.objectRef<Preview>('Preview').implement({
  description:
    'What a change would do to rendered configuration on the inventories known now; members that are wanted count as served.',
  fields: (t) => ({
    clusters: t.field({
      type: [ClusterPreviewType],
      description: 'Clusters with changes, by name.',
      resolve: ({ clusters }) => clusters,
    }),
    unknownClusters: t.exposeStringList('unknownClusters', {
      description: 'Clusters that take part but never reported inventory: what would change there is not known.',
    }),
  }),
});
