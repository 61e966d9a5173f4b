// What `npm run generate` makes, in order. Add a step here; it runs again only when one of its inputs changed.
//
// name       shown while it runs
// stage      'before-build' (needs only node_modules) or 'after-build' (needs dist/)
// command    ['scripts/make-x.mjs', ...args], run by Node in the project root
// inputs     files and folders that decide the result
// outputs    files and folders that it writes
// committed  true when the outputs are in Git; `npm run check` then fails if they are not up to date
export const steps = [
  {
    name: 'prisma client',
    stage: 'before-build',
    command: ['node_modules/prisma/build/index.js', 'generate', '--schema', 'prisma/schema.prisma'],
    inputs: ['prisma/schema.prisma'],
    outputs: ['libs/store/src/generated/client.ts'],
    committed: false,
  },
  {
    name: 'issue numbers and JSON Schemas',
    stage: 'after-build',
    command: ['scripts/make-domain-docs.mjs'],
    inputs: ['libs/domain/src'],
    outputs: ['docs/issues.md', 'docs/schemas'],
    committed: true,
  },
  {
    name: 'capability matrix',
    stage: 'after-build',
    command: ['scripts/make-capability-docs.mjs'],
    inputs: ['libs/domain/src', 'libs/meshes/src', 'scripts/make-capability-docs.mjs'],
    outputs: ['docs/capabilities.md'],
    committed: true,
  },
  {
    name: 'GraphiQL page',
    stage: 'before-build',
    command: ['scripts/make-graphiql.mjs'],
    inputs: ['apps/api/graphiql', 'scripts/make-graphiql.mjs'],
    outputs: ['apps/api/dist/graphiql'],
    committed: false,
  },
  {
    name: "the console's types of the API",
    stage: 'before-build',
    command: ['node_modules/gql.tada/bin/cli.js', 'generate-output', '--tsconfig', 'apps/console/tsconfig.json'],
    inputs: ['apps/api/schema.graphql', 'apps/console/tsconfig.json'],
    outputs: ['apps/console/src/generated/graphql-env.d.ts'],
    committed: false,
  },
  {
    name: 'web console',
    stage: 'before-build',
    command: ['scripts/make-console.mjs'],
    inputs: [
      'apps/console/src',
      'apps/console/index.html',
      'apps/console/vite.config.ts',
      'scripts/make-console.mjs',
      'apps/console/documents.mjs',
      'docs',
    ],
    outputs: ['apps/api/dist/console'],
    committed: false,
  },
  {
    name: 'GraphQL schema and settings',
    stage: 'after-build',
    command: ['scripts/make-api-docs.mjs'],
    inputs: [
      'apps/api/src',
      'apps/worker/src/env.ts',
      'apps/admin/src/env.ts',
      'libs/platform/src',
      'scripts/make-api-docs.mjs',
    ],
    outputs: ['apps/api/schema.graphql', 'docs/configuration.md'],
    committed: true,
  },
  {
    name: 'roles and permissions',
    stage: 'after-build',
    command: ['scripts/make-role-docs.mjs'],
    inputs: ['apps/api/src/auth', 'libs/domain/src/resources', 'docs/roles.md', 'scripts/make-role-docs.mjs'],
    outputs: ['docs/roles.md'],
    committed: true,
  },
];
