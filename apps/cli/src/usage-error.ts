/** Wrong usage of a command: told with the way to the help, exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
