import type { ObjectSource } from '@isthmus/meshes';
import { builder } from '../../graphql/builder.js';

/** What an object of a mesh comes from. */
export const MeshObjectSource = builder.objectRef<ObjectSource>('MeshObjectSource').implement({
  description: 'A policy or other resource that an object comes from; it may be gone since.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Kind.' }),
    project: t.exposeString('project', { description: 'Project.' }),
    name: t.exposeString('name', { description: 'Name.' }),
  }),
});
