import * as z from 'zod';
import { stringify } from 'yaml';
import type { RemoteResource } from '../online/answers.js';
import { readSteps, stepsText } from '../clusters/cluster-steps.js';
import { kindNamed } from '../online/kinds.js';
import { issuesOf } from '../online/resource-issues.js';
import { oneResource } from '../online/resources.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { done, type Outcome } from '../outcome.js';
import { coloursFor } from '../output/colours.js';
import { issueLines } from '../output/issue-lines.js';
import { documentOf } from '../output/resource-documents.js';
import { SLO_REPORT_FIELDS, sloReportSchema, sloTable } from '../output/slo-table.js';
import { age, table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Options of `describe`. */
export interface DescribeOptions extends OnlineOptions {
  project?: string;
}

const reports = z.array(sloReportSchema);

/** Most services that are shown of a policy. */
const OBJECTIVES = {
  query: `query Objectives($name: String!, $project: String) { sloPolicy(name: $name, project: $project) {
    aggregates { ${SLO_REPORT_FIELDS} } reports(first: 100) { nodes { ${SLO_REPORT_FIELDS} } } } }`,
  data: z.object({ sloPolicy: z.object({ aggregates: reports, reports: z.object({ nodes: reports }) }).nullable() }),
};

/** `isthmus describe KIND NAME`: the resource, its conditions, and what compile and agents found about it. */
export async function describe(
  terminal: Terminal,
  [word, name]: [string, string],
  options: DescribeOptions,
): Promise<ExitCode> {
  const kind = kindNamed(word);
  return withSession(terminal, options, async (session) => {
    const wanted = { kind, name, ...(options.project && { project: options.project }) };
    return proceed(session, await oneResource(session.ask, wanted), async (resource) => {
      const objectives = await moreOf(session, resource);
      if (!objectives.ok) return tell(terminal, objectives.issues);
      return proceed(session, await issuesOf(session.ask, wanted), (issues) => {
        terminal.out(description(resource, terminal.now()) + objectives.value);
        if (issues.length > 0)
          terminal.out(`\nIssues:\n${issueLines(issues, coloursFor(terminal, terminal.isOutTty))}`);
        return EXIT.ok;
      });
    });
  });
}

/** What a kind has beside conditions and issues. */
async function moreOf(session: Session, resource: RemoteResource): Promise<Outcome<string>> {
  if (resource.kind === 'SloPolicy') return objectivesOf(session, resource);
  if (resource.kind !== 'Cluster') return done('');
  const found = await readSteps(session.ask, resource.name);
  return found.ok ? done(`\nOnboarding:\n${stepsText(found.value, session.terminal.now())}`) : found;
}

/** How the objective stands, over all services and each alone. */
async function objectivesOf({ ask }: Session, { name, projectName }: RemoteResource): Promise<Outcome<string>> {
  const answer = await ask(OBJECTIVES, { name, project: projectName });
  if (!answer.ok) return answer;
  const { aggregates = [], reports: services } = answer.value.sloPolicy ?? {};
  const all = [...aggregates, ...(services?.nodes ?? [])];
  return done(all.length === 0 ? '\nReports: none yet\n' : `\nReports:\n${sloTable(all)}`);
}

function description(resource: RemoteResource, now: Date): string {
  const { status: _status, ...document } = documentOf(resource) as { status?: unknown };
  const created = `# created ${age(resource.createdAt, now)} ago\n`;
  const rows = resource.conditions.map(({ type, status, reason, message }) => [type, status, reason, message]);
  const conditions = rows.length === 0 ? '' : `\nConditions:\n${table(['TYPE', 'STATUS', 'REASON', 'MESSAGE'], rows)}`;
  return created + stringify(document, { lineWidth: 0 }) + conditions;
}
