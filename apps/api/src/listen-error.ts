interface Place {
  host: string;
  port: number;
  /** The variables that say where to listen. */
  variables: string;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'may not be used by this user',
  EADDRNOTAVAIL: 'is no address of this machine',
};

/** Turns a failure to listen into a sentence that names what to change; other errors pass as they are. */
export function listenError(what: string, { host, port, variables }: Place): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = REASONS[code];
    if (reason === undefined) throw error;
    throw new Error(`The ${what} cannot listen: ${host}:${port} ${reason}. Change ${variables}.`, { cause: error });
  };
}
