// Where things are, for the plain Node scripts that also run before anything is installed.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const inRoot = (...parts) => path.join(root, ...parts);

/** Stamps and other small state of the scripts; ignored by Git, safe to delete. */
export const stateDir = inRoot('.isthmus', 'state');

export const tsc = inRoot('node_modules/typescript/bin/tsc');
export const vitest = inRoot('node_modules/vitest/vitest.mjs');
export const eslint = inRoot('node_modules/eslint/bin/eslint.js');
export const prettier = inRoot('node_modules/prettier/bin/prettier.cjs');
export const knip = inRoot('node_modules/knip/bin/knip.js');
