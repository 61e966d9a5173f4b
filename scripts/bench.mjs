// `npm run bench -- NAME`: builds what is stale and measures. `agent` measures the agent as it ships, `agent-port` its Kubernetes port alone.
import { ensureInstall } from './ensure-install.mjs';
import { build, generate } from './generate.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

await ensureInstall();
await generate('before-build');
await build();
const [name, ...more] = process.argv.slice(2);
if (name === 'agent') await runNode(inRoot('scripts/build-agent.mjs'), [], { output: 'inherit' });
const { code } =
  name === 'agent-port'
    ? await runNode(inRoot('agent/bench/kubernetes.mjs'), more, { output: 'inherit' })
    : await runNode(inRoot('apps/bench/dist/main.js'), process.argv.slice(2), { output: 'inherit' });
process.exitCode = code;
