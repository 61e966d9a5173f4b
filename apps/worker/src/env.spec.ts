import { describe, expect, it } from 'vitest';
import { ENV_VARIABLES, parseEnv } from './env.js';

const DATABASE_URL = 'postgresql://localhost/isthmus';

describe('settings of the worker', () => {
  it('are refused with every fault at once', () => {
    const result = parseEnv({ CONCURRENCY: '0', HEALTH_PORT: '70000', LOG_LEVEL: 'loud', DATABASE_URL: '' });
    expect(result.ok ? [] : result.faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'CONCURRENCY',
      'DATABASE_URL',
      'HEALTH_PORT',
      'LOG_LEVEL',
    ]);
  });

  it('have defaults for all but the database', () => {
    const result = parseEnv({ DATABASE_URL, DATA_DIR: '/data', REDIS_URL: '' });
    expect(result).toEqual({
      ok: true,
      env: {
        databaseUrl: DATABASE_URL,
        redisUrl: undefined,
        privateKeyFile: '/data/keys/statement-key.pem',
        publicKeysFile: '/data/keys/statement-keys.pub.pem',
        secretKeys: { text: undefined, file: undefined },
        health: undefined,
        concurrency: 4,
        ownerWaitMs: 30_000,
        logLevel: 'info',
      },
    });
  });

  it('cannot be changed once they are read', () => {
    const result = parseEnv({ DATABASE_URL, HEALTH_PORT: '0', STATEMENT_KEY_FILE: '/k/a.pem' });
    expect(result).toMatchObject({ env: { health: { host: '127.0.0.1', port: 0 }, privateKeyFile: '/k/a.pem' } });
    expect(result.ok && Object.isFrozen(result.env)).toBe(true);
  });

  it('are all described', () => {
    expect(ENV_VARIABLES.length).toBeGreaterThan(5);
    for (const { name, description } of ENV_VARIABLES) expect([name, description.length > 10]).toEqual([name, true]);
  });
});
