import { parseArgs } from 'node:util';

/** What was asked for. */
export type AdminCommand =
  | { name: 'migrate' }
  | { name: 'backup'; out: string }
  | { name: 'restore'; in: string; confirmed: boolean }
  | { name: 'rotate-keys' }
  | { name: 'epoch'; raise: boolean; confirmed: boolean };

export type ParsedArguments =
  { kind: 'command'; command: AdminCommand } | { kind: 'help' } | { kind: 'usage'; faults: string[] };

export const HELP = `Usage: isthmus-admin <command> [flags]      the database is named by DATABASE_URL

  migrate               bring the database to the newest schema; repeating it changes nothing
  backup --out FILE     write everything of one moment to FILE (mode 0600), while the installation works on;
                        a FILE that exists is replaced once the new one is complete; - is standard output
  restore --in FILE     restore into an empty database and raise the epoch, so that agents accept what is restored
                        although they have seen later configuration; - is standard input (needs --yes)
  epoch                 print epoch and schema of the database as JSON
  epoch --raise         announce that the database was replaced by an older copy in another way than \`restore\`
  rotate-keys           seal the private keys on disk (gateway CA, statements, sign-in) anew with the first key of SECRETS_KEYS
                        or SECRETS_KEYS_FILE; the keys before stand after it, and are not needed once this is done

  --yes                 do not ask before restore and epoch --raise
  --help                this text

Exit code: 0 done, 1 refused or failed, 64 wrong usage. Results go to standard output, everything else to standard error.`;

const FLAGS = {
  out: { type: 'string' },
  in: { type: 'string' },
  raise: { type: 'boolean' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flag = Exclude<keyof typeof FLAGS, 'help'>;
const TAKES: Record<AdminCommand['name'], readonly Flag[]> = {
  migrate: [],
  backup: ['out'],
  restore: ['in', 'yes'],
  epoch: ['raise', 'yes'],
  'rotate-keys': [],
};

/** Reads the command line; every fault at once. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const parsed = parse(argv);
  if ('fault' in parsed) return { kind: 'usage', faults: [parsed.fault] };
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const [name = ''] = positionals;
  if (positionals.length !== 1 || !isCommand(name))
    return {
      kind: 'usage',
      faults: [`name one of ${Object.keys(TAKES).join(', ')}, not "${positionals.join(' ')}"`],
    };
  const faults = Object.keys(values)
    .filter((flag) => !TAKES[name].some((known) => known === flag))
    .map((flag) => `${name} takes no --${flag}`);
  const command = commandOf(name, values);
  if ('fault' in command) faults.push(command.fault);
  return faults.length > 0 || 'fault' in command ? { kind: 'usage', faults } : { kind: 'command', command };
}

function isCommand(name: string): name is AdminCommand['name'] {
  return Object.hasOwn(TAKES, name);
}

type Values = ReturnType<typeof parseFlags>['values'];

function commandOf(name: AdminCommand['name'], values: Values): AdminCommand | { fault: string } {
  const confirmed = values.yes === true;
  switch (name) {
    case 'migrate':
    case 'rotate-keys':
      return { name };
    case 'backup':
      return values.out ? { name, out: values.out } : { fault: 'backup needs --out FILE' };
    case 'restore':
      if (!values.in) return { fault: 'restore needs --in FILE' };
      if (values.in === '-' && !confirmed)
        return { fault: 'restore from standard input cannot ask: confirm with --yes' };
      return { name, in: values.in, confirmed };
    case 'epoch':
      return { name, raise: values.raise === true, confirmed };
  }
}

function parse(argv: readonly string[]): ReturnType<typeof parseFlags> | { fault: string } {
  try {
    return parseFlags(argv);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function parseFlags(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: true });
}
