// A stamp is a small file that remembers the hash of what a step was last run on.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, stateDir } from './paths.mjs';

const stampFile = (name) => path.join(stateDir, name);

export function readStamp(name) {
  try {
    return fs.readFileSync(stampFile(name), 'utf8');
  } catch {
    return undefined;
  }
}

/** `at` is when the stamped work began, so that what changed while it ran counts as newer. */
export function writeStamp(name, value, at = new Date()) {
  fs.mkdirSync(stateDir, { recursive: true });
  fs.writeFileSync(stampFile(name), value);
  fs.utimesSync(stampFile(name), at, at);
}

/** When the stamp was written, in milliseconds; 0 when it never was. */
export function stampTime(name) {
  return fs.statSync(stampFile(name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** SHA-256 over paths and bytes of files; folders count with all that is in them, missing paths count as missing. */
export function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((entry) => filesUnder(inRoot(entry))).sort()) {
    hash.update(`${file}\0`);
    if (fs.existsSync(file)) hash.update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

export function filesUnder(entry) {
  const stat = fs.statSync(entry, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return [entry];
  const children = fs.readdirSync(entry).filter((name) => name !== 'node_modules' && name !== 'dist');
  return children.flatMap((name) => filesUnder(path.join(entry, name)));
}
