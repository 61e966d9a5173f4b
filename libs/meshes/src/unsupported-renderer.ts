import { issue, type MeshKind } from '@isthmus/domain';
import type { MeshRenderer, RenderResult } from './renderer.js';

/** Stands for a mesh that cannot be rendered yet: no objects, one error; never silence. */
export function unsupportedRenderer(kind: MeshKind): MeshRenderer {
  const refuse = (cluster: string): RenderResult => ({
    keep: true,
    objects: [],
    issues: [
      issue('ISM0301', {
        resource: { kind: 'Cluster', name: cluster },
        cluster,
        path: 'spec.mesh.kind',
        message: `Cluster ${cluster} runs ${kind}, which this release cannot render.`,
      }),
    ],
  });
  return {
    kind,
    prepare: (_view, local) => ({
      fingerprint: kind,
      shared: () => refuse(local.cluster),
      host: () => ({ objects: [], issues: [] }),
    }),
    outline: (_view, local) => ({ objects: [], issues: refuse(local.cluster).issues }),
    render: (_view, local) => refuse(local.cluster),
  };
}
