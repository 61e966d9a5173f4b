// `npm run mutate -- [files]`: changes the renderers branch by branch and tells which change no golden file notices. Needs minutes to
// hours, so it is not part of `npm test`. Files are globs below the root, separated by commas; default: the renderer of Istio.
import fs from 'node:fs';
import { ensureInstall } from './ensure-install.mjs';
import { build, generate } from './generate.mjs';
import { inRoot } from './lib/paths.mjs';
import { run, runNode } from './lib/run.mjs';

const stryker = inRoot('tools/mutation/node_modules/@stryker-mutator/core/bin/stryker.js');

await ensureInstall();
await generate('before-build');
await build();
if (!fs.existsSync(stryker)) {
  const { code } = await run('npm', ['ci', '--prefix', 'tools/mutation', '--no-audit', '--no-fund'], {
    output: 'stderr',
  });
  if (code !== 0) throw new Error('what mutation tests need could not be installed; see above');
}
const files = process.argv.slice(2).join(',');
const env = files === '' ? {} : { MUTATE: files };
const { code } = await runNode(stryker, ['run', 'tools/mutation/stryker.config.mjs'], { env });
process.exitCode = code;
