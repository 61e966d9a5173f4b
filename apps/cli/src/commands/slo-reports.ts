import { DEFAULT_PROJECT, issue } from '@isthmus/domain';
import { stringify } from 'yaml';
import { proceed, tell, withSession } from '../online/session.js';
import { listObjectives } from '../online/slo-reports.js';
import { objectivesTable, type Objective } from '../output/slo-table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { GetOptions } from './get.js';

/** True if the word stands for reports of objectives: they are measured and are no resources, yet are looked at like them. */
export function isReportWord(word: string): boolean {
  return ['sloreports', 'sloreport'].includes(word.toLowerCase().replaceAll('-', ''));
}

/** `isthmus get sloreports [POLICY]`: how objectives stand, the least that is left of an error budget first. */
export async function getReports(terminal: Terminal, name: string | undefined, options: GetOptions): Promise<ExitCode> {
  if (options.selector !== undefined || options.watch) throw new UsageError('get sloreports takes neither -l nor -w');
  return withSession(terminal, options, async (session) =>
    proceed(session, await listObjectives(session.ask), (all) => {
      const chosen = all.filter((one) => isChosen(one, name, options.project));
      if (name !== undefined && chosen.length === 0)
        return tell(terminal, [issue('ISM0615', { message: `there is no report of an SloPolicy ${name}` })]);
      show(terminal, chosen, options.output);
      return EXIT.ok;
    }),
  );
}

/** By the project of the policy: its global namespace may be of another one. A name alone is one of the default project. */
function isChosen({ policy }: Objective, name: string | undefined, project: string | undefined): boolean {
  const wanted = project ?? (name === undefined ? undefined : DEFAULT_PROJECT);
  return (wanted === undefined || policy?.projectName === wanted) && (name === undefined || policy?.name === name);
}

function show(terminal: Terminal, reports: readonly Objective[], output: GetOptions['output']): void {
  switch (output) {
    case 'json':
      return terminal.out(`${JSON.stringify(reports, null, 2)}\n`);
    case 'yaml':
      return terminal.out(stringify(reports, { lineWidth: 0 }));
    case 'name':
      return terminal.out(reports.map(({ policy }) => `slopolicy/${policy?.name ?? '?'}\n`).join(''));
    case 'table':
    case 'wide':
      return reports.length === 0
        ? terminal.err('no objective has been evaluated yet\n')
        : terminal.out(objectivesTable(reports, output === 'wide'));
  }
}
