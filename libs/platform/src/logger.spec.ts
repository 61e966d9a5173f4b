import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';

describe('createLogger', () => {
  it('censors secrets at the top and one level below', () => {
    const lines: string[] = [];
    const log = createLogger('spec', 'info', { write: (line) => void lines.push(line) });
    log.info({ token: 'abc123', request: { authorization: 'Bearer abc123' } }, 'signed in');
    expect(lines.join('')).not.toContain('abc123');
  });

  it('drops lines below its level and writes JSON with a readable level', () => {
    const lines: string[] = [];
    const log = createLogger('spec', 'warn', { write: (line) => void lines.push(line) });
    log.info('dropped');
    log.warn('kept');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'warn', name: 'spec', msg: 'kept' },
    ]);
  });
});
