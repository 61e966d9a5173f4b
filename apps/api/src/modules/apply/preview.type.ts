import { objectKey, type KubeObject } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import type { ClusterPreview, ObjectChange, Preview } from '../../preview/preview.js';
import { objectYaml } from '../../preview/object-yaml.js';
import { unifiedDiff } from '../../preview/unified-diff.js';
import { Issue } from '../issues/issue.type.js';
import { MeshObjectSource } from '../mesh-objects/mesh-object-source.type.js';
import { ChangeEnum } from '../revisions/revision.type.js';

/** The object as it is after the change, or was if it goes. */
function shown({ before, after }: ObjectChange): KubeObject {
  const object = after ?? before;
  if (object === undefined) throw new Error('a change has at least one side');
  return object;
}

const ObjectChangeType = builder.objectRef<ObjectChange>('RenderedObjectChange').implement({
  description: 'How one object in a cluster would change.',
  fields: (t) => ({
    change: t.field({ type: ChangeEnum, description: 'How.', resolve: ({ change }) => change }),
    apiVersion: t.string({ description: 'apiVersion of the object.', resolve: (one) => shown(one).apiVersion }),
    kind: t.string({ description: 'Kind of the object.', resolve: (one) => shown(one).kind }),
    namespace: t.string({
      nullable: true,
      description: 'Its namespace; null for cluster-scoped objects.',
      resolve: (one) => shown(one).metadata.namespace,
    }),
    name: t.string({ description: 'Its name.', resolve: (one) => shown(one).metadata.name }),
    diff: t.string({
      description: 'Unified diff of its YAML.',
      resolve: (one) => unifiedDiff(objectKey(shown(one)), objectYaml(one.before), objectYaml(one.after)),
    }),
    before: t.string({
      nullable: true,
      description: 'Its YAML before the change; null if it would be added.',
      resolve: ({ before }) => before && objectYaml(before),
    }),
    after: t.string({
      nullable: true,
      description: 'Its YAML after the change; null if it would be removed.',
      resolve: ({ after }) => after && objectYaml(after),
    }),
    sources: t.field({
      type: [MeshObjectSource],
      nullable: true,
      description:
        'What it would come from, or comes from if it would be removed; null: too many policies have a say to tell it in one answer.',
      resolve: ({ sources }) => sources(),
    }),
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
