import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { findResource, keyOf, listArgs, listResources } from '../resources/resource-list.js';
import { Project, ProjectConnection } from './project.type.js';

builder.queryFields((t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'One project by name; null if there is none.',
    args: { name: t.arg.string({ required: true, description: 'Name.' }) },
    ...needs('Project.read'),
    resolve: (_root, { name }, context) => findResource(keyOf('Project', name), context),
  }),
  projects: t.field({
    type: ProjectConnection,
    description: 'Projects of the organization.',
    args: listArgs(t.arg),
    ...needs('Project.read'),
    resolve: (_root, args, context) => listResources(['Project'], args, context),
  }),
}));
