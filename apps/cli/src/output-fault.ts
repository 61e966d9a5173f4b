/** What ends the program when its output cannot be written: a reader that closes the pipe (`| head`) is no error, a full disk is one. */
export function outputFault(error: NodeJS.ErrnoException): { code: 0 | 1; text: string } {
  if (error.code === 'EPIPE') return { code: 0, text: '' };
  return { code: 1, text: `error: the output cannot be written: ${error.message}\n` };
}
