// `npm run bench -- NAME`: builds what is stale and measures. `agent` is one agent's share of a cluster, the others are the product's.
import { ensureInstall } from './ensure-install.mjs';
import { build, generate } from './generate.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

await ensureInstall();
await generate('before-build');
await build();
const [name, ...more] = process.argv.slice(2);
const { code } =
  name === 'agent'
    ? await runNode(inRoot('agent/bench/kubernetes.mjs'), more, { output: 'inherit' })
    : await runNode(inRoot('apps/bench/dist/main.js'), process.argv.slice(2), { output: 'inherit' });
process.exitCode = code;
