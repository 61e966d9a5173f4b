// One technology, one home: which projects may import which third-party packages.

/** pattern of the import → the projects that may, and what everybody else does instead. */
export const HOMES = [
  { pattern: /^(@prisma\/|prisma$|prisma\/)/, homes: ['store'], instead: 'Call a repository of @isthmus/store.' },
  { pattern: /^bullmq($|\/)/, homes: ['queue'], instead: 'Use the ports of @isthmus/queue.' },
  { pattern: /^ioredis($|\/)/, homes: ['queue', 'testing'], instead: 'Use the ports of @isthmus/queue.' },
  {
    pattern: /^pg($|\/)/,
    homes: ['store', 'queue', 'testing', 'bench'],
    instead: 'Use @isthmus/store or @isthmus/queue.',
  },
  { pattern: /^@kubernetes\/client-node($|\/)/, homes: ['kube'], instead: 'Use the ports of @isthmus/kube.' },
  {
    pattern: /^(pino|prom-client)($|\/)/,
    homes: ['platform'],
    instead: 'Use the logger and metrics of @isthmus/platform.',
  },
  {
    pattern: /^(@nestjs|@as-integrations)\//,
    homes: ['api', 'worker'],
    instead: 'Keep frameworks in apps; a lib exports plain functions and classes.',
  },
  {
    pattern: /^(@apollo\/client|@patternfly|@tanstack|react|react-dom|gql\.tada)($|\/)/,
    homes: ['console'],
    instead: 'What is shown in browsers lives in the console.',
  },
];

/** What a pure lib may not import, and what it does instead. Node's own modules are refused beside these. */
export const IMPURE =
  /^(@nestjs\/|@prisma\/|prisma|bullmq|ioredis|pg$|@kubernetes\/|pino|prom-client|express|ws$|undici)/;
