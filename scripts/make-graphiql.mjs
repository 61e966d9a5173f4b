// Bundles the GraphiQL page from npm packages: nothing is loaded from elsewhere when it is opened.
import fs from 'node:fs';
import { build } from 'esbuild';
import { inRoot } from './lib/paths.mjs';

const [source, target] = [inRoot('apps/api/graphiql'), inRoot('apps/api/dist/graphiql')];
fs.rmSync(target, { recursive: true, force: true });
fs.mkdirSync(target, { recursive: true });
await build({
  entryPoints: [`${source}/main.mjs`],
  outdir: target,
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  target: 'es2022',
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl', '.svg': 'dataurl' },
  logLevel: 'warning',
});
for (const file of ['index.html', 'page.css']) fs.copyFileSync(`${source}/${file}`, `${target}/${file}`);
