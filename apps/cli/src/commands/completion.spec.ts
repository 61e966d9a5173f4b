import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isthmus } from '../terminal.fixture.js';

async function scriptFor(shell: string): Promise<string> {
  const { code, out } = await isthmus(`completion ${shell}`);
  expect(code).toBe(0);
  return out;
}

/** What bash offers for the last of the words. */
async function offered(...words: string[]): Promise<string[]> {
  const quoted = ['isthmus', ...words].map((word) => `'${word}'`).join(' ');
  const act = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _isthmus; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['-c', `${await scriptFor('bash')}\n${act}`], { encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  it('offers nothing that no command begins with', async () => {
    expect(await offered('no-such')).toEqual([]);
    expect(await offered('cluster', 'onboard', '--no-such')).toEqual([]);
  });

  it('offers commands, and kinds where one is meant', async () => {
    expect(await offered('val')).toEqual(['validate']);
    expect(await offered('get', 'globaln')).toEqual(expect.arrayContaining(['globalnamespaces']));
    expect(await offered('get', 'slo')).toEqual(['slopolicies', 'sloreports']);
  });

  it('offers the commands of a command, and then the flags of that one alone', async () => {
    expect(await offered('cluster', 'onb')).toEqual(['onboard']);
    const flags = await offered('cluster', 'onboard', 'east', '--');
    expect(flags).toEqual(expect.arrayContaining(['--help']));
    expect(flags.length).toBeGreaterThan(2);
    expect(flags).not.toEqual(await offered('cluster', 'leave', 'east', '--'));
    expect(await offered('cluster', 'onboard', 'le')).toEqual([]);
  });

  it('offers the same to fish', async () => {
    const script = await scriptFor('fish');
    expect(script).toContain(`-n '__fish_seen_subcommand_from cluster; and __fish_seen_subcommand_from onboard' -a '`);
    expect(script).toMatch(/from cluster; and not __fish_seen_subcommand_from .*onboard.* -a '/);
  });
});
