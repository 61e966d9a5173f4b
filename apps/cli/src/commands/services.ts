import { issue } from '@isthmus/domain';
import { stringify } from 'yaml';
import { listServices, type GlobalService } from '../online/services.js';
import { proceed, tell, withSession } from '../online/session.js';
import { table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { GetOptions } from './get.js';

/** True if the word stands for global services: they follow from rules and are no resources, yet are looked at like them. */
export function isServiceWord(word: string): boolean {
  return ['globalservices', 'globalservice', 'services', 'service', 'svc', 'gs'].includes(word.toLowerCase());
}

/** `isthmus get services [HOST]`: hosts with their addresses and who serves them; a host or the name of a service chooses. */
export async function getServices(
  terminal: Terminal,
  name: string | undefined,
  options: GetOptions,
): Promise<ExitCode> {
  if (options.selector !== undefined || options.watch) throw new UsageError('get services takes neither -l nor -w');
  return withSession(terminal, options, async (session) =>
    proceed(session, await listServices(session.ask, options.project), (all) => {
      const chosen = all.filter(({ host, name: short }) => name === undefined || host === name || short === name);
      if (name !== undefined && chosen.length === 0) {
        return tell(terminal, [issue('ISM0615', { message: `there is no global service ${name}` })]);
      }
      show(terminal, chosen, options.output);
      return EXIT.ok;
    }),
  );
}

function show(terminal: Terminal, services: readonly GlobalService[], output: GetOptions['output']): void {
  switch (output) {
    case 'json':
      return terminal.out(`${JSON.stringify(services.map(documentOf), null, 2)}\n`);
    case 'yaml':
      return terminal.out(stringify(services.map(documentOf), { lineWidth: 0 }));
    case 'name':
      return terminal.out(services.map(({ host }) => `globalservice/${host}\n`).join(''));
    case 'table':
    case 'wide':
      return services.length === 0
        ? terminal.err('no global services found\n')
        : terminal.out(servicesTable(services, output === 'wide'));
  }
}

function documentOf({ members, ...service }: GlobalService) {
  return { ...service, members: members.nodes };
}

const HEAD = ['PROJECT', 'GLOBAL NAMESPACE', 'HOST', 'VIP', 'PORTS', 'SERVED BY'];

/** One line per host; a member that is not served is named with its state. */
export function servicesTable(services: readonly GlobalService[], isWide: boolean): string {
  const rows = services.map(({ project, globalNamespace, host, vip, ports, members }) => [
    project,
    globalNamespace,
    host,
    vip ?? '',
    ports.map(({ number, protocol }) => `${number}/${protocol}`).join(','),
    members.nodes.map((member) => memberText(member, isWide)).join(','),
  ]);
  return table(HEAD, rows);
}

function memberText(
  { clusterName, namespace, service, state }: GlobalService['members']['nodes'][number],
  isWide: boolean,
): string {
  const place = isWide ? `${clusterName}:${namespace}/${service}` : clusterName;
  return state === 'SERVED' ? place : `${place}(${state.toLowerCase()})`;
}
