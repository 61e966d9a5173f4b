// Writes docs/capabilities.md: what each mesh can do of each feature, and how that was proven.
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { inRoot } from './lib/paths.mjs';

const { capabilityDocs } = await import(pathToFileURL(inRoot('libs/meshes/dist/index.js')).href);

fs.writeFileSync(
  inRoot('docs/capabilities.md'),
  await format(capabilityDocs(), { parser: 'markdown', printWidth: 120 }),
);
