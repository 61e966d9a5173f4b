import { GROUP_VERSION, issue, sha256Hex } from '@isthmus/domain';
import { stringify } from 'yaml';
import type { Applied, RemoteResource } from '../online/answers.js';
import { applyResources, deleteResource, listResources } from '../online/resources.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { reportIssues } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { changeText, printPreview } from './apply.js';

/** Options of `cordon`, `drain` and `uncordon`. */
export interface CordonOptions extends OnlineOptions {
  gns: string;
  service?: string;
  project?: string;
  force?: boolean;
  dryRun?: boolean;
}

const MOST = 63;

/** The same words give the same name, so that a cordon is repeated, changed and taken back. */
function policyName(cluster: string, { gns, service }: CordonOptions): string {
  const name = ['cordon', gns, ...(service === undefined ? [] : [service.replaceAll('.', '-')]), cluster].join('-');
  if (name.length <= MOST) return name;
  return `${name.slice(0, MOST - 9).replace(/-+$/, '')}-${sha256Hex(name).slice(0, 8)}`;
}

const targetOf = ({ gns, service }: CordonOptions) => ({
  globalNamespace: gns,
  ...(service === undefined ? {} : { service }),
});

function policyText(cluster: string, mode: 'LAST_RESORT' | 'DRAIN', options: CordonOptions): string {
  const { project, force } = options;
  return stringify({
    apiVersion: GROUP_VERSION,
    kind: 'FailoverPolicy',
    metadata: { name: policyName(cluster, options), ...(project === undefined ? {} : { project }) },
    spec: {
      targets: [targetOf(options)],
      cordon: { clusters: [cluster], mode, ...(force === true ? { force } : {}) },
    },
  });
}

function showApplied({ terminal }: Session, applied: Applied, dryRun: boolean): ExitCode {
  for (const change of applied.changes) terminal.out(`${changeText(change)}${dryRun ? ' (dry run)' : ''}\n`);
  printPreview(terminal, applied);
  if (applied.issues.length > 0) reportIssues(terminal, applied.issues);
  return EXIT.ok;
}

/** `isthmus cordon|drain CLUSTER --gns NAME`: a FailoverPolicy of its own for the cluster, so it can be taken back alone. */
export async function cordon(
  terminal: Terminal,
  [cluster, mode]: [cluster: string, mode: 'LAST_RESORT' | 'DRAIN'],
  options: CordonOptions,
): Promise<ExitCode> {
  const dryRun = options.dryRun ?? false;
  const files = [{ path: 'cordon.yaml', text: policyText(cluster, mode, options) }];
  return withSession(terminal, options, async (session) =>
    proceed(session, await applyResources(session.ask, { files, dryRun }), (applied) =>
      showApplied(session, applied, dryRun),
    ),
  );
}

function cordonsOf(cluster: string, policies: readonly RemoteResource[]): RemoteResource[] {
  return policies.filter(({ spec }) => {
    const block = spec['cordon'];
    const clusters: unknown = typeof block === 'object' && block !== null && 'clusters' in block ? block.clusters : [];
    return Array.isArray(clusters) && clusters.includes(cluster);
  });
}

/** `isthmus uncordon CLUSTER --gns NAME`: takes back what `cordon` or `drain` wrote; cordons of other policies are named. */
export async function uncordon(terminal: Terminal, cluster: string, options: CordonOptions): Promise<ExitCode> {
  const { project = 'default', dryRun = false } = options;
  return withSession(terminal, options, async (session) =>
    proceed(session, await listResources(session.ask, { kind: 'FailoverPolicy', project }), async (policies) => {
      const name = policyName(cluster, options);
      const cordons = cordonsOf(cluster, policies);
      const others = cordons.filter((one) => one.name !== name).map((one) => one.name);
      const rest = others.length === 0 ? '' : `; ${cluster} is also cordoned by FailoverPolicy ${others.join(', ')}`;
      if (!cordons.some((one) => one.name === name)) {
        const message = `no cordon of ${cluster} for ${options.service ?? options.gns} was made by this command${rest}`;
        return tell(terminal, [issue('ISM0615', { message })]);
      }
      const wanted = { kind: 'FailoverPolicy', name, project, dryRun } as const;
      return proceed(session, await deleteResource(session.ask, wanted), (applied) => {
        if (rest !== '') terminal.err(`${rest.slice(2)}\n`);
        return showApplied(session, applied, dryRun);
      });
    }),
  );
}
