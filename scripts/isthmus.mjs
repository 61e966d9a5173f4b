// `npm run -s isthmus -- <args>`: the CLI from this checkout, built when a source is newer than the last build.
// Nothing but the CLI writes to stdout. Relative paths are those of the folder npm was called in.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstall } from './ensure-install.mjs';
import { inRoot, tsc } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';
import { stampTime, writeStamp } from './lib/stamps.mjs';

const main = inRoot('apps/cli/dist/main.js');

function newest(entry) {
  const stat = fs.statSync(entry, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...fs.readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

function isStale() {
  if (!fs.existsSync(main)) return true;
  const libs = fs.readdirSync(inRoot('libs')).map((name) => inRoot('libs', name));
  const built = stampTime('cli');
  return [...libs, inRoot('apps/cli')].some((project) =>
    ['src', 'tsconfig.json', 'package.json'].some((part) => newest(path.join(project, part)) > built),
  );
}

async function build() {
  const started = new Date();
  process.stderr.write('Building the CLI …\n');
  const { code } = await runNode(tsc, ['-b', 'apps/cli'], { output: 'stderr' });
  if (code !== 0 || !fs.existsSync(main)) {
    process.stderr.write('The CLI could not be built from this checkout; the compiler errors are above.\n');
    process.exit(1);
  }
  writeStamp('cli', '', started);
}

await ensureInstall();
if (isStale()) await build();
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
process.argv = [process.execPath, main, ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
