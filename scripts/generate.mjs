// Runs the steps of generate-steps.mjs whose inputs changed. `--force` runs all, `--stage=before-build` only those.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureInstall } from './ensure-install.mjs';
import { steps } from './generate-steps.mjs';
import { inRoot, tsc } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';
import { hashOf, readStamp, writeStamp } from './lib/stamps.mjs';

const stamp = (step) => `generate-${step.name.replace(/\W+/g, '-')}`;
const key = (step) => hashOf([...step.inputs, ...step.outputs, 'package-lock.json', ...step.command.slice(0, 1)]);
const isFresh = (step) =>
  step.outputs.every((file) => fs.existsSync(inRoot(file))) && readStamp(stamp(step)) === key(step);

/** Runs one stage; throws when a step fails. `force` picks the steps that run although nothing changed. */
export async function generate(stage, { force = () => false } = {}) {
  const due = steps.filter((step) => step.stage === stage && (force(step) || !isFresh(step)));
  if (stage === 'after-build' && due.length > 0) await build();
  for (const step of due) {
    process.stderr.write(`generate: ${step.name}\n`);
    const [script, ...args] = step.command;
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
    const { code } = await runNode(inRoot(script), args, { env, output: 'stderr' });
    if (code !== 0) throw new Error(`generate: ${step.name} failed with exit code ${code}`);
    writeStamp(stamp(step), key(step));
  }
}

export async function build() {
  const { code } = await runNode(tsc, ['-b'], { output: 'stderr' });
  if (code !== 0) throw new Error('tsc -b failed; its errors are above');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const force = () => process.argv.includes('--force');
  await ensureInstall();
  try {
    await generate('before-build', { force });
    if (!process.argv.includes('--stage=before-build')) await generate('after-build', { force });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
