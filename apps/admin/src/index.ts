export { HELP, parseArguments } from './arguments.js';
export type { AdminCommand, ParsedArguments } from './arguments.js';
export { ENV_VARIABLES, parseEnv } from './env.js';
export type { AdminEnv, EnvResult } from './env.js';
export { runAdmin } from './run-admin.js';
export { EXIT } from './terminal.js';
export type { ExitCode, Terminal } from './terminal.js';
