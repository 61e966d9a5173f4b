// `npm run build:agent [-- --out FOLDER]`: the agent as it ships: one program with its parts, from the sources, without
// node_modules. What only a kubeconfig needs lies in a part of its own, which an agent that runs in its cluster never loads.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { inRoot } from './lib/paths.mjs';

const { values } = parseArgs({ options: { out: { type: 'string', default: inRoot('agent/bundle') } } });
const folder = path.resolve(values.out);
/** The sum of all parts; a bundle above it has taken in something that an agent does not need. */
const MOST_BYTES = 2 * 2 ** 20;

fs.rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { agent: inRoot('agent/src/main.ts') },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@isthmus/source'],
  legalComments: 'linked',
  banner: { js: "import{createRequire as cjs}from'node:module';const require=cjs(import.meta.url);" },
  metafile: true,
  logLevel: 'warning',
});

const kib = (bytes) => `${Math.ceil(bytes / 1024)} KiB`;
const isCode = (file) => file.endsWith('.mjs');
const outputs = Object.entries(metafile.outputs).filter(([file]) => isCode(file));
const total = outputs.reduce((sum, [, { bytes }]) => sum + bytes, 0);
const entry = fs.readFileSync(path.join(folder, 'agent.mjs'));
const atStart = startedWith(path.relative(process.cwd(), path.join(folder, 'agent.mjs')));
console.log(`${path.join(folder, 'agent.mjs')}: ${kib(entry.length)}, ${kib(gzipSync(entry).length)} compressed`);
console.log(`loaded at start: ${kib(atStart)}; with what only a kubeconfig needs: ${kib(total)}`);
for (const [file] of outputs) refuseBeyondAscii(file);
if (total > MOST_BYTES) throw new Error(`the bundle has ${total} bytes; ${MOST_BYTES} are the most`);

/** V8 holds a source in memory, and in two bytes a character as soon as one of them is not Latin-1. esbuild escapes all but those in regular expressions. */
function refuseBeyondAscii(file) {
  const found = /.{0,60}[^\0-\x7f]/.exec(fs.readFileSync(file, 'utf8'));
  if (found !== null) throw new Error(`${file} is not ASCII, which doubles it in memory; write \\u…: ${found[0]}`);
}

/** Bytes of the entry and of what it imports statically. */
function startedWith(file, seen = new Set()) {
  if (seen.has(file)) return 0;
  seen.add(file);
  const { bytes, imports } = metafile.outputs[file];
  const parts = imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
  return parts.reduce((sum, part) => sum + startedWith(part.path, seen), bytes);
}
