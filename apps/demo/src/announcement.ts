import { join } from 'node:path';
import type { DemoCluster } from './demo-clusters.js';
import type { StartOptions } from './options.js';
import type { DataPaths } from './paths.js';

/** Where everything is, for people. */
export function announcement(options: StartOptions, paths: DataPaths, clusters: readonly DemoCluster[]): string[] {
  const api = `http://127.0.0.1:${options.apiPort}`;
  const rendered = clusters.map(({ name, rendered }) => `  ${name.padEnd(8)} ${rendered}`);
  const manifests =
    clusters[0] === undefined
      ? []
      : [`Change a manifest and watch:   ${join(paths.clusters, '<cluster>', 'manifests')}`];
  return [
    '',
    `GraphQL API     ${api}/graphql`,
    `GraphiQL        ${api}/graphiql`,
    `Admin token     ${paths.adminToken}   (a file that only you can read)`,
    `Agent gateway   https://127.0.0.1:${options.gatewayPort}`,
    `Logs            ${paths.logs}`,
    `Command line    npm run -s isthmus -- login --server ${api} --token-file ${paths.adminToken}`,
    ...(rendered.length > 0 ? ['Rendered configuration of each cluster:', ...rendered] : []),
    ...manifests,
    'Bound to the loopback only. Ctrl-C stops everything; a second start resumes.',
  ];
}
