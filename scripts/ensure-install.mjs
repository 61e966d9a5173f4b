// Installs dependencies when they are missing or differ from package-lock.json. Runs before anything is
// installed, so it uses nothing but Node. All of its words go to stderr: callers own stdout.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inRoot, root, stateDir } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { hashOf, readStamp, writeStamp } from './lib/stamps.mjs';

const oldestNode = [20, 19];
const say = (line) => process.stderr.write(`${line}\n`);
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

export async function ensureInstall() {
  refuseOldNode();
  const wanted = hashOf(['package-lock.json', '.npmrc']);
  if (isInstalled(wanted)) return;
  await oneAtATime(async () => {
    if (isInstalled(wanted)) return;
    if (!matchesLock()) await install();
    writeStamp('install', wanted);
  });
}

const isInstalled = (wanted) =>
  readStamp('install') === wanted && fs.existsSync(inRoot('node_modules/.package-lock.json'));

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  say(`Isthmus needs Node.js ${oldestNode.join('.')} or newer; this is ${process.version}.`);
  process.exit(1);
}

/** Whether what npm wrote down as installed is what the lock asks for (optional packages may be absent). */
function matchesLock() {
  const hidden = inRoot('node_modules/.package-lock.json');
  if (!fs.existsSync(hidden)) return false;
  const installed = readJson(hidden).packages;
  return Object.entries(readJson(inRoot('package-lock.json')).packages).every(([where, entry]) => {
    if (!where.includes('node_modules/') || entry.optional || entry.devOptional) return true;
    return installed[where]?.version === entry.version;
  });
}

async function install() {
  const started = Date.now();
  say('Installing dependencies with npm ci (about a minute the first time) …');
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  // Prisma's install scripts would fetch a native engine; the project uses none, and any executable satisfies them.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
  const { code } = await run(npm[0], [...npm.slice(1), ...args], { env, output: 'stderr' }).catch((error) => {
    say(`npm could not be started: ${error.message}`);
    return { code: 127 };
  });
  if (code !== 0) fail(code);
  say(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function fail(code) {
  say(`npm ci failed with exit code ${code}; its own message is above.`);
  say('Usual causes: no way to the npm registry (set HTTPS_PROXY or npm_config_registry), or package.json and');
  say('package-lock.json disagree (run npm install and commit the lock). Nothing else was started.');
  process.exit(1);
}

/** Two commands started at once on a fresh clone must not both install into one node_modules. */
async function oneAtATime(work) {
  const lock = path.join(stateDir, 'install.lock');
  fs.mkdirSync(stateDir, { recursive: true });
  while (!take(lock)) await sleep(500);
  try {
    await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    process.on('exit', () => fs.rmSync(lock, { force: true }));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(lock)) fs.rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(lock) {
  try {
    process.kill(Number(fs.readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  await ensureInstall();
}
