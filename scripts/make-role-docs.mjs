// Writes the tables of docs/roles.md, between its marks, from the permission table of the API.
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { inRoot } from './lib/paths.mjs';

const BEGIN = '<!-- made by npm run generate -->';
const END = '<!-- end -->';
const page = inRoot('docs/roles.md');

const { roleTables } = await import(pathToFileURL(inRoot('apps/api/dist/auth/role-docs.js')).href);
const text = fs.readFileSync(page, 'utf8');
const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
if (from < 0 || to < from) throw new Error('docs/roles.md has no marks for its tables');
const made = `${text.slice(0, from)}${BEGIN}\n\n${roleTables()}\n\n${text.slice(to)}`;
fs.writeFileSync(page, await format(made, { parser: 'markdown', printWidth: 120 }));
