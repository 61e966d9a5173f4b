// Runs a program from this checkout, built when a source is newer than the last build. Nothing but the program writes to
// stdout. Relative paths are those of the folder npm was called in.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstall } from '../ensure-install.mjs';
import { inRoot, tsc } from './paths.mjs';
import { runNode } from './run.mjs';
import { stampTime, writeStamp } from './stamps.mjs';

function newest(entry) {
  const stat = fs.statSync(entry, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...fs.readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

function isStale(main, name) {
  if (!fs.existsSync(main)) return true;
  const libs = fs.readdirSync(inRoot('libs')).map((lib) => inRoot('libs', lib));
  const built = stampTime(name);
  return [...libs, inRoot('apps', name)].some((project) =>
    ['src', 'tsconfig.json', 'package.json'].some((part) => newest(path.join(project, part)) > built),
  );
}

async function build(main, { name, title, prepare }) {
  const started = new Date();
  process.stderr.write(`Building ${title} …\n`);
  await prepare?.();
  const { code } = await runNode(tsc, ['-b', `apps/${name}`], { output: 'stderr' });
  if (code !== 0 || !fs.existsSync(main)) {
    process.stderr.write(`${title} could not be built from this checkout; the compiler errors are above.\n`);
    process.exit(1);
  }
  writeStamp(name, '', started);
}

/** `program.name` is its folder under apps/; `prepare` runs before a build. */
export async function runProgram(program) {
  const main = inRoot('apps', program.name, 'dist', 'main.js');
  await ensureInstall();
  if (isStale(main, program.name)) await build(main, program);
  if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  process.argv = [process.execPath, main, ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
}
