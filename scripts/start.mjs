// `npm start`: installs what is missing, builds what is stale, then runs the whole product on this machine.
import { ensureInstall } from './ensure-install.mjs';
import { build, generate } from './generate.mjs';
import { inRoot } from './lib/paths.mjs';
import { pathToFileURL } from 'node:url';

const started = Date.now();
const step = (text) => process.stderr.write(`[${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}\n`);

/** npm passes Ctrl-C on, but no signal that only it gets: when it is gone, so are we. */
function followNpm() {
  const npm = process.ppid;
  const look = () => process.ppid !== npm && process.kill(process.pid, 'SIGTERM');
  setInterval(look, 500).unref();
}

if (process.env.npm_lifecycle_event !== undefined) followNpm();
process.on('SIGINT', () => process.exit(130));
await ensureInstall();
step('dependencies are installed');
await generate('before-build');
await build();
await generate('after-build');
step('built');
process.removeAllListeners('SIGINT');
const { startEverything } = await import(pathToFileURL(inRoot('apps/demo/dist/main.js')).href);
await startEverything(process.argv.slice(2));
