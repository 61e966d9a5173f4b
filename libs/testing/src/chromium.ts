import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { searchPath } from './env.js';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The first browser of PATH; undefined: there is none. */
export function chromiumFile(): string | undefined {
  return searchPath()
    .flatMap((folder) => PROGRAMS.map((program) => join(folder, program)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** For `real('chromium', probeChromium)`: why no browser can be started here, or undefined. */
export function probeChromium(): Promise<string | undefined> {
  const file = chromiumFile();
  if (file === undefined) return Promise.resolve('no chromium on PATH');
  return new Promise((resolve) => {
    execFile(file, ['--version'], (error) => resolve(error === null ? undefined : error.message));
  });
}
