import { describe, expect, it } from 'vitest';
import { readEnv } from './env.js';
import { outputFault } from './output-fault.js';

const nobody = (): string => {
  throw new Error('uv_os_homedir returned ENOENT');
};

describe('surroundings of the command line', () => {
  it('without a home folder, as for a user without an entry, are no fault', () => {
    expect(readEnv({}, nobody).configFile).toBe('/.config/isthmus/config');
    expect(readEnv({ XDG_CONFIG_HOME: '/c' }, nobody).configFile).toBe('/c/isthmus/config');
    expect(readEnv({}, () => '/home/ada').configFile).toBe('/home/ada/.config/isthmus/config');
  });

  it('that take no output are told in a line, and a reader that has left is no error', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const text = 'error: the output cannot be written: ENOSPC: no space left on device, write\n';
    expect(outputFault(full)).toEqual({ code: 1, text });
    expect(outputFault(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }))).toEqual({ code: 0, text: '' });
  });
});
