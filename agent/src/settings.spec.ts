import { describe, expect, it } from 'vitest';
import { readAgentEnv } from './env.js';
import type { AgentEnv } from './env.js';
import { readSettings } from './settings.js';

function environment(variables: Record<string, string> = {}): AgentEnv {
  const result = readAgentEnv(variables);
  if (!result.ok) throw new Error(result.faults.join());
  return result.env;
}
const whole = ['run', '--gateway', 'https://gateway:4443', '--state', 's', '--manifests', 'm', '--out', 'o'];

describe('settings', () => {
  it('name every fault at once', () => {
    expect(readSettings(['jump', '--gateway', 'http://x', '--cluster-port', 'cloud'], environment())).toEqual({
      kind: 'usage',
      faults: [
        'the command is one of run, check, purge',
        '--state is missing',
        '--manifests is missing',
        '--out is missing',
        expect.stringContaining('--cluster-port cloud is not known') as string,
        '--gateway is an https:// address',
      ],
    });
  });

  it('refuse unknown flags, leftovers, and a purge that nobody confirmed', () => {
    expect(readSettings([...whole, '--nope'], environment()).kind).toBe('usage');
    expect(readSettings([...whole, 'more'], environment()).kind).toBe('usage');
    expect(readSettings(['purge', '--out', 'o'], environment()).kind).toBe('usage');
    expect(readSettings(['purge', '--out', 'o', '--yes'], environment()).kind).toBe('settings');
  });

  it('let a flag win over its variable', () => {
    const env = environment({ ISTHMUS_OUT: 'from-env', ISTHMUS_STATE: 'state-env' });
    const args = ['run', '--gateway', 'https://g', '--manifests', 'm', '--out', 'flag'];
    expect(readSettings(args, env)).toMatchObject({
      kind: 'settings',
      settings: { out: 'flag', state: 'state-env', agentNamespace: 'isthmus-system' },
    });
  });

  it('opt in to nothing by default, to what is named, and not to what does not exist', () => {
    const args = ['run', '--gateway', 'https://g', '--manifests', 'm', '--out', 'o', '--state', 's'];
    const read = (text?: string) => readSettings(args, environment(text === undefined ? {} : { ISTHMUS_ALLOW: text }));
    expect(read()).toMatchObject({ settings: { optedIn: [] } });
    expect(read(' envoyFilters,')).toMatchObject({ settings: { optedIn: ['envoyFilters'] } });
    expect(read('envoyFilters,secrets')).toMatchObject({
      kind: 'usage',
      faults: ['ISTHMUS_ALLOW: secrets is none of envoyFilters'],
    });
  });

  it('name a variable that is wrong', () => {
    expect(readAgentEnv({ ISTHMUS_LOG_LEVEL: 'loud' })).toMatchObject({
      ok: false,
      faults: [expect.stringContaining('ISTHMUS_LOG_LEVEL') as string],
    });
  });
});
