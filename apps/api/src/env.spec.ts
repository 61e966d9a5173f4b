import { describe, expect, it } from 'vitest';
import { ENV_VARIABLES, parseEnv } from './env.js';

const DATABASE_URL = 'postgresql://u:secret@127.0.0.1/isthmus';

describe('settings', () => {
  it('names every fault at once, and repeats no value', () => {
    const parsed = parseEnv(
      {
        DATABASE_URL: 'mysql://u:secret@h/d',
        PORT: '70000',
        MIGRATE: 'yes',
        GATEWAY_URL: 'http://g',
        METRICS_TOKEN: 'short',
        LOG_LEVEL: 'loud',
      },
      ['--migarte'],
    );
    const faults = parsed.ok ? [] : parsed.faults;
    for (const name of ['--migarte', 'DATABASE_URL', 'PORT', 'MIGRATE', 'GATEWAY_URL', 'METRICS_TOKEN', 'LOG_LEVEL']) {
      expect(faults.filter((fault) => fault.startsWith(`${name}:`))).toHaveLength(1);
    }
    expect(faults.join()).not.toContain('secret');
  });

  it('counts an empty variable as absent', () => {
    expect(parseEnv({ DATABASE_URL: '' })).toEqual({ ok: false, faults: [expect.stringMatching(/^DATABASE_URL: /)] });
  });

  it('have defaults on the loopback', () => {
    const parsed = parseEnv({ DATABASE_URL });
    expect(parsed).toMatchObject({
      ok: true,
      env: {
        host: '127.0.0.1',
        port: 4000,
        migrate: false,
        gateway: { host: '127.0.0.1', port: 4443, url: 'https://127.0.0.1:4443' },
      },
    });
  });

  it('put the address that agents dial into the certificate', () => {
    const parsed = parseEnv({
      DATABASE_URL,
      GATEWAY_URL: 'https://agents.example.com:8443',
      GATEWAY_NAMES: 'a.example.com, 10.0.0.1',
    });
    expect(parsed.ok && parsed.env.gateway.names).toEqual([
      'agents.example.com',
      'a.example.com',
      '10.0.0.1',
      'localhost',
      '127.0.0.1',
    ]);
  });

  it.each([
    [{ MIGRATE: '1' }, []],
    [{}, ['--migrate']],
  ])('migrate with %j %j', (variables, argv) => {
    expect(parseEnv({ DATABASE_URL, ...variables }, argv)).toMatchObject({ ok: true, env: { migrate: true } });
  });

  it('are all described', () => {
    expect(ENV_VARIABLES.filter(({ description }) => description === '')).toEqual([]);
  });
});
