// Writes what the domain publishes: docs/issues.md and the JSON Schemas of all kinds in docs/schemas/.
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { inRoot } from './lib/paths.mjs';

const { issueDocs, jsonSchemaFiles } = await import(pathToFileURL(inRoot('libs/domain/dist/index.js')).href);

const folder = inRoot('docs/schemas');
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
for (const [name, text] of jsonSchemaFiles()) {
  const pretty = await format(text, { parser: 'json', printWidth: 120 });
  fs.writeFileSync(inRoot('docs/schemas', name), pretty);
}
fs.writeFileSync(inRoot('docs/issues.md'), issueDocs());
