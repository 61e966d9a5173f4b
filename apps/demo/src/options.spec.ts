import { describe, expect, it } from 'vitest';
import { HELP, parseStartOptions } from './options.js';

const read = (argv: string[], env = {}) => parseStartOptions(argv, env, '/data');

describe('the options of npm start', () => {
  it('refuses an unknown flag by its name', () => {
    const parsed = read(['--prot', '1']);
    expect(parsed.kind).toBe('usage');
    expect(parsed.kind === 'usage' && parsed.faults[0]).toContain('--prot');
  });

  it('refuses positional words', () => {
    expect(read(['east']).kind).toBe('usage');
  });

  it('collects every bad port, not only the first', () => {
    const parsed = read(['--port', '0', '--gateway-port', '65536', '--postgres-port', 'x']);
    expect(parsed.kind === 'usage' && parsed.faults).toHaveLength(3);
  });

  it.each(['kind', 'Kubernetes', ''])('refuses %j as the kind of its clusters and names those there are', (kind) => {
    const parsed = read([`--clusters=${kind}`]);
    expect(parsed.kind === 'usage' && parsed.faults).toEqual([
      `--clusters takes directory or kubernetes, not "${kind}"`,
    ]);
  });

  it('takes folders for its clusters unless apiservers are asked for', () => {
    const clusters = (argv: string[]): unknown => {
      const parsed = read(argv);
      return parsed.kind === 'run' ? parsed.options.clusters : parsed;
    };
    expect(clusters([])).toBe('directory');
    expect(clusters(['--clusters', 'directory'])).toBe('directory');
    expect(clusters(['--clusters', 'kubernetes'])).toBe('kubernetes');
  });

  it('accepts the first and the last port', () => {
    const parsed = read(['--port', '1', '--gateway-port', '65535']);
    expect(parsed.kind === 'run' && [parsed.options.apiPort, parsed.options.gatewayPort]).toEqual([1, 65535]);
  });

  it('lets a flag win over the environment and the environment over the default', () => {
    const env = { ISTHMUS_PORT: '5000', ISTHMUS_GATEWAY_PORT: '5443' };
    const parsed = read(['--port', '6000'], env);
    expect(parsed.kind === 'run' && parsed.options).toMatchObject({
      apiPort: 6000,
      gatewayPort: 5443,
      postgresPort: 4432,
    });
  });

  it('starts relative folders where npm was called, and refuses an empty one', () => {
    const dataDir = (argv: string[], env = {}): unknown => {
      const parsed = read(argv, { INIT_CWD: '/home/ada', ...env });
      return parsed.kind === 'run' ? parsed.options.dataDir : parsed.kind;
    };
    expect(dataDir(['--data-dir', 'demo'])).toBe('/home/ada/demo');
    expect(dataDir([], { ISTHMUS_DATA_DIR: '../x' })).toBe('/home/x');
    expect(dataDir(['--data-dir', '/srv/x'])).toBe('/srv/x');
    expect(dataDir([])).toBe('/data');
    expect(dataDir(['--data-dir='])).toBe('usage');
  });

  it('takes the databases from the environment', () => {
    const parsed = read([], { DATABASE_URL: 'postgresql://x', REDIS_URL: 'redis://x' });
    expect(parsed.kind === 'run' && parsed.options).toMatchObject({
      databaseUrl: 'postgresql://x',
      redisUrl: 'redis://x',
      demo: true,
    });
  });

  it('names every flag in its help', () => {
    expect(read(['--help']).kind).toBe('help');
    for (const flag of ['--data-dir', '--port', '--gateway-port', '--postgres-port', '--clusters', '--no-demo']) {
      expect(HELP).toContain(flag);
    }
  });
});
