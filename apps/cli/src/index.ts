export { runCli } from './run-cli.js';
export { EXIT } from './terminal.js';
export type { ExitCode, Terminal } from './terminal.js';
