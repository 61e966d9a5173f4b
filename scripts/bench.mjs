// `npm run bench -- NAME`: builds what is stale and measures.
import { ensureInstall } from './ensure-install.mjs';
import { build, generate } from './generate.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

await ensureInstall();
await generate('before-build');
await build();
const { code } = await runNode(inRoot('apps/bench/dist/main.js'), process.argv.slice(2), { output: 'inherit' });
process.exitCode = code;
