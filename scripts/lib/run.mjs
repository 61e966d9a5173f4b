import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Runs a command in the project root without stdin and resolves with its exit code; a signal counts as 128.
 * `output`: 'inherit', 'stderr' (the child's stdout goes to stderr) or 'capture' (returned as text).
 */
export function run(command, args, { env = {}, output = 'inherit' } = {}) {
  const stdio = {
    inherit: ['ignore', 'inherit', 'inherit'],
    stderr: ['ignore', 2, 2],
    capture: ['ignore', 'pipe', 'pipe'],
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: stdio[output] });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 128, text: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** The same for a script run by this Node. */
export const runNode = (script, args = [], options = {}) => run(process.execPath, [script, ...args], options);
