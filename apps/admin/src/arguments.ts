import { parseArgs } from 'node:util';
import type { BreakGlassCommand } from './commands/break-glass.js';

/** What was asked for. */
export type AdminCommand =
  | { name: 'migrate' }
  | { name: 'backup'; out: string }
  | { name: 'restore'; in: string; confirmed: boolean }
  | { name: 'rotate-keys' }
  | { name: 'rotate-ca' }
  | { name: 'retire-ca'; number: number; force: boolean }
  | ({ name: 'break-glass' } & BreakGlassCommand)
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

  rotate-ca             begin to replace the authority that vouches for agents: the gateway makes the next one, and agents get
                        certificates of it, and both authorities to trust, as they renew (a day); nothing is interrupted
  retire-ca N           end it: authority N vouches for nobody any more; refused while agents live by it alone
      --force           retire it nevertheless; the agents that are named have to be enrolled again

  break-glass set       open the local door, for the day on which no identity provider answers: make an administrator, or give it
                        another password; prints the password once, as JSON; ends its sessions and tokens
      --codes           ask for one-time codes too (TOTP); their otpauth address is printed with the password
      --password-stdin  take the first line of standard input instead of making a password
      --days N          1 to 366, default 366: then the door closes by itself
  break-glass list      who may come in by the local door, and when each did last
  break-glass close     close the door: its sessions and tokens end
      --account NAME    of set and close, default break-glass
      --organization ID default default

  --yes                 do not ask before restore and epoch --raise
  --help                this text

Exit code: 0 done, 1 refused or failed, 64 wrong usage. Results go to standard output, everything else to standard error.`;

const FLAGS = {
  out: { type: 'string' },
  in: { type: 'string' },
  raise: { type: 'boolean' },
  force: { type: 'boolean' },
  codes: { type: 'boolean' },
  'password-stdin': { type: 'boolean' },
  days: { type: 'string' },
  account: { type: 'string' },
  organization: { type: 'string' },
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
  'rotate-ca': [],
  'retire-ca': ['force'],
  'break-glass': ['codes', 'password-stdin', 'days', 'account', 'organization'],
};

/** Reads the command line; every fault at once. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const parsed = parse(argv);
  if ('fault' in parsed) return { kind: 'usage', faults: [parsed.fault] };
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const [name = '', ...more] = positionals;
  if (!isCommand(name) || !takesWords(name, more))
    return {
      kind: 'usage',
      faults: [`name one of ${Object.keys(TAKES).join(', ')}, not "${positionals.join(' ')}"`],
    };
  const faults = Object.keys(values)
    .filter((flag) => !TAKES[name].some((known) => known === flag))
    .map((flag) => `${name} takes no --${flag}`);
  const command = commandOf(name, more, values);
  if ('fault' in command) faults.push(command.fault);
  return faults.length > 0 || 'fault' in command ? { kind: 'usage', faults } : { kind: 'command', command };
}

function takesWords(name: AdminCommand['name'], words: readonly string[]): boolean {
  return words.length === 0 || name === 'break-glass' || name === 'retire-ca';
}

function isCommand(name: string): name is AdminCommand['name'] {
  return Object.hasOwn(TAKES, name);
}

type Values = ReturnType<typeof parseFlags>['values'];

function commandOf(
  name: AdminCommand['name'],
  words: readonly string[],
  values: Values,
): AdminCommand | { fault: string } {
  switch (name) {
    case 'migrate':
    case 'rotate-keys':
    case 'rotate-ca':
      return { name };
    case 'retire-ca':
      return retireOf(words, values);
    case 'break-glass':
      return breakGlassOf(words, values);
    case 'backup':
      return values.out ? { name, out: values.out } : { fault: 'backup needs --out FILE' };
    case 'restore':
      return restoreOf(values);
    case 'epoch':
      return { name, raise: values.raise === true, confirmed: values.yes === true };
  }
}

function restoreOf(values: Values): AdminCommand | { fault: string } {
  const confirmed = values.yes === true;
  if (!values.in) return { fault: 'restore needs --in FILE' };
  if (values.in === '-' && !confirmed) return { fault: 'restore from standard input cannot ask: confirm with --yes' };
  return { name: 'restore', in: values.in, confirmed };
}

function retireOf([number = '', ...more]: readonly string[], values: Values): AdminCommand | { fault: string } {
  if (!/^[1-9]\d{0,3}$/.test(number) || more.length > 0) return { fault: 'retire-ca needs the number of an authority' };
  return { name: 'retire-ca', number: Number(number), force: values.force === true };
}

const ACTS = ['set', 'list', 'close'] as const;
const MOST_DAYS = 366;
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function breakGlassOf([act, ...more]: readonly string[], values: Values): AdminCommand | { fault: string } {
  const known = ACTS.find((one) => one === act);
  if (known === undefined || more.length > 0) return { fault: `break-glass is followed by one of ${ACTS.join(', ')}` };
  const { account = 'break-glass', organization = 'default', days = String(MOST_DAYS) } = values;
  if (!NAME.test(account)) return { fault: '--account has 1 to 63 lower-case letters, digits and hyphens' };
  if (!/^\d{1,3}$/.test(days) || Number(days) < 1 || Number(days) > MOST_DAYS)
    return { fault: `--days is 1 to ${MOST_DAYS}` };
  const how = { codes: values.codes === true, typed: values['password-stdin'] === true, days: Number(days) };
  return { name: 'break-glass', act: known, account, organization, ...how };
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
