import { join } from 'node:path';
import type { DemoCluster } from './demo-clusters.js';
import type { StartOptions } from './options.js';
import type { DataPaths } from './paths.js';

interface Announced {
  options: StartOptions;
  paths: DataPaths;
  clusters: readonly DemoCluster[];
  /** Signs in once; undefined: none could be made. */
  link: string | undefined;
}

/** Where everything is, for people. */
export function announcement({ options, paths, clusters, link }: Announced): string[] {
  const api = `http://127.0.0.1:${options.apiPort}`;
  return [
    '',
    `Web console     ${api}/console`,
    ...(link === undefined
      ? []
      : [`  sign in       ${link}`, '                (good once, for ten minutes, on this machine)']),
    `GraphQL API     ${api}/graphql`,
    `GraphiQL        ${api}/graphiql`,
    `Admin token     ${paths.adminToken}   (a file that only you can read)`,
    `Agent gateway   https://127.0.0.1:${options.gatewayPort}`,
    `Logs            ${paths.logs}`,
    ...(options.databaseUrl === undefined ? operator(paths) : []),
    `Command line    npm run -s isthmus -- login --server ${api} --token-file ${paths.adminToken}`,
    ...clusters
      .slice(0, 1)
      .flatMap(({ kind }) => (kind === 'kubernetes' ? kubeconfigs(clusters) : folders(paths, clusters))),
    'Bound to the loopback only. Ctrl-C stops everything; a second start resumes.',
  ];
}

/** For the database that nobody named: its address holds a password. */
const operator = ({ databaseUrl }: DataPaths): string[] => [
  `Operator        DATABASE_URL="$(cat ${databaseUrl})" npm run -s admin -- epoch`,
];

function folders(paths: DataPaths, clusters: readonly DemoCluster[]): string[] {
  return [
    'Rendered configuration of each cluster:',
    ...clusters.flatMap((cluster) => (cluster.kind === 'directory' ? [row(cluster.name, cluster.rendered)] : [])),
    `Change a manifest and watch:   ${join(paths.clusters, '<cluster>', 'manifests')}`,
  ];
}

function kubeconfigs(clusters: readonly DemoCluster[]): string[] {
  const files = clusters.flatMap((cluster) => (cluster.kind === 'kubernetes' ? [cluster] : []));
  return [
    'Kubeconfig of each cluster, with every right (a file that only you can read):',
    ...files.map(({ name, admin }) => row(name, admin)),
    'Look at what the agents applied:',
    ...files.map(({ admin }) => `  kubectl --kubeconfig ${admin} get serviceentries -A`),
  ];
}

const row = (name: string, file: string): string => `  ${name.padEnd(8)} ${file}`;
