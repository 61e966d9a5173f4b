import { describe, expect, it } from 'vitest';
import { HELP, parseArguments } from './arguments.js';
import { parseEnv } from './env.js';

const faultsOf = (argv: string[]): string[] => {
  const parsed = parseArguments(argv);
  return parsed.kind === 'usage' ? parsed.faults : [];
};

describe('the arguments of the operator’s commands', () => {
  it.each([[[]], [['drop']], [['backup', 'restore']]])('refuse %j, which names no single command', (argv) => {
    expect(faultsOf(argv)).toEqual([
      expect.stringContaining(
        'name one of migrate, backup, restore, epoch, rotate-keys, rotate-ca, retire-ca, break-glass',
      ),
    ]);
  });

  it('refuse a flag that nobody knows', () => {
    expect(faultsOf(['migrate', '--force'])).toHaveLength(1);
  });

  it('refuse a flag of another command and a missing file, both at once', () => {
    expect(faultsOf(['backup', '--yes'])).toEqual(['backup takes no --yes', 'backup needs --out FILE']);
    expect(faultsOf(['restore', '--in', ''])).toEqual(['restore needs --in FILE']);
  });

  it('refuse to ask while standard input is the backup', () => {
    expect(faultsOf(['restore', '--in', '-'])).toEqual([expect.stringContaining('--yes')]);
    expect(parseArguments(['restore', '--in', '-', '--yes']).kind).toBe('command');
  });

  it('are what the command needs', () => {
    const command = { name: 'restore', in: 'a', confirmed: true };
    expect(parseArguments(['restore', '--in', 'a', '--yes'])).toEqual({ kind: 'command', command });
    expect(parseArguments(['epoch'])).toMatchObject({ command: { raise: false } });
  });

  it('are told by --help, whatever else is given', () => {
    expect(parseArguments(['backup', '-h'])).toEqual({ kind: 'help' });
    for (const word of ['migrate', 'backup', 'restore', 'epoch', 'DATABASE_URL', '--raise'])
      expect(HELP).toContain(word);
  });
});

describe('the settings of the operator’s commands', () => {
  it('refuse an address that is none of Postgres, without repeating it', () => {
    const result = parseEnv({ DATABASE_URL: 'mysql://user:secret@host/x' });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(parseEnv({ DATABASE_URL: '' }).ok).toBe(false);
  });

  it('take the address of the database', () => {
    const databaseUrl = 'postgresql://isthmus@127.0.0.1:5432/isthmus';
    expect(parseEnv({ DATABASE_URL: databaseUrl })).toMatchObject({ ok: true, env: { databaseUrl } });
  });
});
