// `npm run check`: everything that can be said without running the tests. All steps run; all faults are shown.
import { ensureInstall } from './ensure-install.mjs';
import { build, generate } from './generate.mjs';
import { steps } from './generate-steps.mjs';
import { eslint, inRoot, knip, prettier } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';
import { hashOf } from './lib/stamps.mjs';
import { lockFaults, projectFaults } from '../tools/projects.mjs';

const cache = (name) => inRoot('node_modules/.cache/isthmus', name);

async function tool(script, args) {
  const { code, text } = await runNode(script, args, { output: 'capture' });
  if (code !== 0) throw new Error(text.trim() || `exit code ${code}`);
}

async function generatedUpToDate() {
  const committed = steps.filter((step) => step.committed).flatMap((step) => step.outputs);
  const before = committed.map((file) => hashOf([file]));
  await generate('before-build', { force: (step) => step.committed });
  await build();
  await generate('after-build', { force: (step) => step.committed });
  const stale = committed.filter((file, index) => hashOf([file]) !== before[index]);
  if (stale.length > 0) throw new Error(`out of date, now rewritten; commit them:\n${stale.join('\n')}`);
}

async function projects() {
  const faults = [...projectFaults(), ...lockFaults()];
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

const checks = [
  ['types and generated files', generatedUpToDate],
  ['projects: tags, references, lock', projects],
  [
    'format',
    () => tool(prettier, ['--check', '--log-level=warn', '--cache', `--cache-location=${cache('prettier')}`, '.']),
  ],
  [
    'lint',
    () =>
      tool(eslint, [
        '--cache',
        '--cache-strategy=content',
        '--cache-location',
        cache('eslint'),
        '--max-warnings=0',
        '.',
      ]),
  ],
  ['dead code and dependencies', () => tool(knip, ['--no-progress', '--no-config-hints'])],
];

await ensureInstall();
let failed = 0;
for (const [name, check] of checks) {
  const started = Date.now();
  const fault = await check().then(
    () => undefined,
    (error) => error.message,
  );
  if (fault !== undefined) failed += 1;
  console.log(`${fault === undefined ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (fault !== undefined) console.log(fault.replace(/^/gm, '       '));
}
console.log(failed === 0 ? 'check passed' : `check failed: ${failed} of ${checks.length} steps`);
process.exitCode = failed === 0 ? 0 : 1;
