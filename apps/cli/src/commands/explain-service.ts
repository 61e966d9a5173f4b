import { explainHost, featureText, issue, type GnsView } from '@isthmus/domain';
import { stringify } from 'yaml';
import { assemble } from '../offline/assemble.js';
import { loadBundle } from '../offline/load-bundle.js';
import { explainServices, type ServiceExplanation } from '../online/explanations.js';
import { proceed, tell, withSession, type OnlineOptions } from '../online/session.js';
import { Progress } from '../output/progress.js';
import { table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Options of `explain service`. */
export interface ExplainServiceOptions extends OnlineOptions {
  filename?: string;
  gns?: string;
  output?: 'table' | 'json' | 'yaml';
}

/** `isthmus explain service NAME [-f DIR]`: what policies come to for a host, from where, and what lost against it; by the server or a bundle alone. */
export async function explainService(
  terminal: Terminal,
  name: string,
  options: ExplainServiceOptions,
): Promise<ExitCode> {
  const { filename, gns } = options;
  const show = (found: readonly ServiceExplanation[]) => showAll(terminal, found, { ...options, name });
  if (filename === undefined) {
    return withSession(terminal, options, async (session) =>
      proceed(session, await explainServices(session.ask, { name, gns }), show),
    );
  }
  const progress = new Progress(terminal);
  const { compiled } = assemble(await loadBundle(filename, { terminal, progress }), progress);
  progress.end();
  const views = compiled.globalNamespaces.flatMap(({ view }) => (view === undefined ? [] : [view]));
  return show(views.filter((view) => gns === undefined || view.gns.name === gns).flatMap((view) => named(view, name)));
}

function showAll(
  terminal: Terminal,
  found: readonly ServiceExplanation[],
  { name, gns, output = 'table' }: ExplainServiceOptions & { name: string },
): ExitCode {
  if (found.length === 0) {
    const place = gns === undefined ? '' : ` in ${gns}`;
    return tell(terminal, [issue('ISM0615', { message: `there is no global service ${name}${place}` })]);
  }
  terminal.out(textOf(found, output));
  return EXIT.ok;
}

function named(view: GnsView, name: string): ServiceExplanation[] {
  const { project, name: globalNamespace } = view.gns;
  return view.hosts
    .filter(({ host: { host, service } }) => host === name || service === name)
    .map((hostView) => ({ project, globalNamespace, ...explainHost(view, hostView, Date.now()) }));
}

function textOf(found: readonly ServiceExplanation[], output: 'table' | 'json' | 'yaml'): string {
  switch (output) {
    case 'json':
      return `${JSON.stringify(found, null, 2)}\n`;
    case 'yaml':
      return stringify(found, { lineWidth: 0 });
    case 'table':
      return found.map(hostText).join('\n');
  }
}

const HEAD = ['FEATURE', 'PORTS', 'SETS', 'POLICY', 'SCOPE', 'EFFECT'];

function publishedText({ policy, hosts, clusters, paths }: ServiceExplanation['published'][number]): string {
  const at = paths.length === 0 ? '' : ` at ${paths.join(', ')}`;
  return `PUBLISHED:   ${hosts.join(', ')}${at} in ${clusters.join(', ')} (${policy.kind} ${policy.project}/${policy.name})\n`;
}

function hostText({ host, project, globalNamespace, encryption, features, published }: ServiceExplanation): string {
  const mode = encryption ?? 'as the mesh is set';
  const head = `HOST:        ${host}\nNAMESPACE:   ${project}/${globalNamespace}\nENCRYPTION:  ${mode}\n${published.map(publishedText).join('')}`;
  if (features.length === 0) return `${head}\nno policy says anything else\n`;
  return `${head}\n${table(HEAD, features.flatMap(rowsOf))}`;
}

const REASONS = {
  NARROWER_SCOPE: 'narrower scope',
  ENFORCED: 'enforced',
  EQUAL_SCOPE: 'equal scope, first by name',
} as const;

type Feature = ServiceExplanation['features'][number];
type Block = Feature['holds'][number];

function rowsOf({ feature, ports, holds, lost }: Feature): string[][] {
  const row = ({ policy, scope, group, enforced, fields }: Block, effect: string) => [
    feature,
    ports.length === 0 ? 'all' : ports.join(','),
    featureText(fields),
    `${policy.kind} ${policy.project}/${policy.name}`,
    [scope, group, enforced ? 'enforced' : undefined].filter((part) => part !== undefined).join(' '),
    effect,
  ];
  return [...holds.map((block) => row(block, 'holds')), ...lost.map((block) => row(block, lostText(block)))];
}

const lostText = ({ reason, against }: Feature['lost'][number]): string =>
  reason === 'EXPIRED' ? 'has ended' : `lost to ${against.name}: ${REASONS[reason]}`;
