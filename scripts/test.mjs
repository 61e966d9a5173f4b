// `npm test`: install if needed, generate, build, run every spec; the last line is `N passed, N failed, N skipped`.
// Arguments go to vitest: `npm test -- libs/domain`, `npm test -- --project unit`.
// REQUIRE_REAL=postgres,valkey,… turns a skip for want of one of these real parts into a failure.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureInstall } from './ensure-install.mjs';
import { build, generate } from './generate.mjs';
import { inRoot, vitest } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';
import { outcome, summaryLine } from './lib/test-outcome.mjs';

const required = (process.env.REQUIRE_REAL ?? '').split(',').map((part) => part.trim());

function readRecord(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function runVitest() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-test-'));
  const file = path.join(folder, 'record.json');
  const reporters = ['--reporter=default', `--reporter=${inRoot('scripts/lib/vitest-reporter.mjs')}`];
  const args = ['run', ...reporters, ...process.argv.slice(2)];
  const { code } = await runNode(vitest, args, { env: { ISTHMUS_TEST_RECORD: file } });
  const record = readRecord(file);
  fs.rmSync(folder, { recursive: true, force: true });
  return outcome(record, code, required);
}

async function everything() {
  try {
    await generate('before-build');
    await build();
    await generate('after-build');
  } catch (error) {
    return { passed: 0, skipped: [], failures: [error.message] };
  }
  return runVitest();
}

await ensureInstall();
const result = await everything();
for (const skip of result.skipped) console.log(`skipped: ${skip.name}: ${skip.reason}`);
for (const failure of result.failures) console.log(`failed: ${failure}`);
console.log(summaryLine(result));
process.exitCode = result.failures.length === 0 ? 0 : 1;
