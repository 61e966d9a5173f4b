import { Option } from 'commander';
import type { ExitCode, Terminal } from './terminal.js';

/** Runs a command and keeps its exit code. */
export type Run = (command: Promise<ExitCode>) => Promise<void>;

/** What commands are hung up with. */
export interface Wiring {
  terminal: Terminal;
  run: Run;
}

/** `-o json|yaml` for issues. */
export const issueOutput = () =>
  new Option('-o, --output <format>', 'issues as a document on stdout').choices(['json', 'yaml']);
/** `-f`, mandatory. */
export const filename = (what: string) => new Option('-f, --filename <path>', what).makeOptionMandatory();
export const strict = () => new Option('--strict', 'warnings fail too');
export const detailedExitcode = () => new Option('--detailed-exitcode', '0 no changes, 2 changes, 1 error');
export const context = () => new Option('--context <name>', 'context to use instead of the current one');
export const project = () => new Option('-p, --project <name>', 'project of the resource');
export const outputOf = (...formats: string[]) =>
  new Option('-o, --output <format>', 'form of the output').choices(formats).default(formats[0]);

/** Examples at the end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
