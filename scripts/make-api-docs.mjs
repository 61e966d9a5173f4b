// Writes what the API publishes: apps/api/schema.graphql and docs/configuration.md.
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { inRoot } from './lib/paths.mjs';

const load = (file) => import(pathToFileURL(inRoot(file)).href);
const { buildSchema, schemaText } = await load('apps/api/dist/graphql/schema.js');
fs.writeFileSync(inRoot('apps/api/schema.graphql'), schemaText(buildSchema()));

const PROGRAMS = [
  { title: 'API and agent gateway', module: 'apps/api/dist/env.js' },
  { title: 'Worker', module: 'apps/worker/dist/env.js' },
  { title: 'Operator commands', module: 'apps/admin/dist/env.js' },
];

const cell = (text) => text.replaceAll('|', '\\|');

async function tableOf({ title, module }) {
  const { ENV_VARIABLES } = await load(module);
  const rows = ENV_VARIABLES.map(
    (variable) => `| \`${variable.name}\` | ${cell(variable.default ?? '')} | ${cell(variable.description)} |`,
  );
  return [`## ${title}`, '', '| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const tables = [];
for (const program of PROGRAMS) tables.push(await tableOf(program));
const text = `# Configuration

Every program reads its settings from environment variables, checks all of them before it starts and names every fault at once.
An empty variable counts as absent. This page is made by \`npm run generate\`.

${tables.join('\n\n')}
`;
fs.writeFileSync(inRoot('docs/configuration.md'), await format(text, { parser: 'markdown', printWidth: 120 }));
