// Parts that come as Debian packages. Prometheus is unpacked into the cache, so that no root is needed and the system stays as it is.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from './run.mjs';

const cacheHome = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
const cache = path.join(cacheHome, 'isthmus-testbed');
/** Where `.ci/run` looks for programs after PATH. */
const tools = path.join(cache, 'tools');

async function quietly(command, args) {
  const { code, text } = await run(command, args, { output: 'capture' }).catch((error) => ({
    code: 127,
    text: error.message,
  }));
  if (code !== 0) throw new Error(`${command} ${args.at(-2)} ${args.at(-1)}: ${text.trim().split('\n').at(-1)}`);
  return text;
}

const isThere = async (command) =>
  run(command, ['--version'], { output: 'capture' }).then(
    ({ code }) => code === 0,
    () => false,
  );

/** From PATH, else from the cache, else out of the Debian package. */
export async function findPrometheus() {
  if ((await isThere('prometheus')) && (await isThere('promtool'))) return 'on PATH';
  const programs = ['prometheus', 'promtool'].map((name) => path.join(tools, name));
  if ((await Promise.all(programs.map(isThere))).every(Boolean)) return 'in the cache';
  if (!(await isThere('apt-get'))) {
    throw new Error('no apt-get here: put prometheus and promtool (2.42 or newer) on PATH');
  }
  const version = await unpackDebian('prometheus', ['prometheus', 'promtool']);
  return `unpacked ${version}`;
}

async function unpackDebian(name, programs) {
  fs.mkdirSync(tools, { recursive: true });
  const work = fs.mkdtempSync(path.join(cache, `${name}.part-`));
  try {
    const version = await downloadDebian(name, work);
    const home = path.join(cache, `${name}-${version.replaceAll(/[^\w.+-]/g, '_')}`);
    fs.rmSync(home, { recursive: true, force: true });
    await quietly('dpkg-deb', ['-x', path.join(work, 'package.deb'), home]);
    for (const program of programs) link(path.join(home, 'usr/bin', program), path.join(tools, program));
    return version;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** With lists of packages of our own: those of the machine may be absent or old, and only root may refresh them. */
async function downloadDebian(name, work) {
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    fs.mkdirSync(path.join(work, folder), { recursive: true });
  }
  const settings = [
    `Dir::State=${work}/state`,
    `Dir::Cache=${work}/cache`,
    'Dir::State::status=/var/lib/dpkg/status',
    'Debug::NoLocking=1',
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting]);
  await quietly('apt-get', ['-qq', ...settings, 'update']);
  await quietly('sh', ['-c', 'cd "$0" && exec apt-get -qq "$@"', work, ...settings, 'download', name]);
  const file = fs.readdirSync(work).find((entry) => entry.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get downloaded no package ${name}`);
  fs.renameSync(path.join(work, file), path.join(work, 'package.deb'));
  return decodeURIComponent(file.split('_')[1] ?? 'unknown');
}

function link(target, file) {
  const next = `${file}.${process.pid}`;
  fs.symlinkSync(target, next);
  fs.renameSync(next, file);
}

/** Programs that the testbed makes its network and certificates with, and the packages that hold them. */
const PACKAGES = {
  iptables: 'iptables',
  ip: 'iproute2',
  sysctl: 'procps',
  curl: 'curl',
  openssl: 'openssl',
};

/** Root installs what is absent; for anybody else, and off Debian, testbed/able.sh then says what is missing. */
export async function ensureNetworkTools() {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  const isInstalled = (program) => folders.some((folder) => fs.existsSync(path.join(folder, program)));
  const lacking = Object.keys(PACKAGES).filter((program) => !isInstalled(program));
  if (lacking.length === 0 || process.getuid?.() !== 0 || !(await isThere('apt-get'))) return;
  await installDebian(lacking.map((program) => PACKAGES[program]));
}

/** From PATH; root installs Debian's package. */
export async function ensureChromium() {
  if (await isThere('chromium')) return 'on PATH';
  if (process.getuid?.() !== 0 || !(await isThere('apt-get'))) throw new Error('put chromium on PATH');
  await installDebian(['chromium']);
  return 'installed';
}

async function installDebian(names) {
  await quietly('apt-get', ['-qq', 'update']);
  const install = ['-qq', 'install', '-y', '--no-install-recommends', ...names];
  await quietly('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...install]);
}
