import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isthmus } from '../terminal.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/bookinfo', import.meta.url));

postgres.suite('cordons on the command line', () => {
  let api: TestApi;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-cordon-'));
    api = await startTestApi();
    await run(`apply -f ${EXAMPLE}`);
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  const run = (args: string, token = api.token) => {
    const shared = { configFile: join(root, 'none'), noColour: true, forceColour: false, editor: 'vi' };
    return isthmus(args, { env: { ...shared, server: api.url, token } });
  };
  const specOf = async (name: string): Promise<unknown> =>
    (parse((await run(`get fp ${name} -o yaml`)).out) as { spec: unknown }).spec;

  it('are found in the help', async () => {
    const { out } = await run('--help');
    for (const verb of ['cordon', 'drain', 'uncordon']) expect(out).toContain(`${verb} [options] <cluster>`);
  });

  it('need a global namespace that is there, and the right to write', async () => {
    expect((await run('cordon west')).code).toBe(64);
    const unknown = await run('cordon west --gns nowhere');
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('ISM0111')]);
    const viewer = await run('cordon west --gns bookinfo', api.viewerToken);
    expect([viewer.code, viewer.out]).toEqual([1, '']);
    expect((await run('get fp')).err).toContain('no FailoverPolicy');
  });

  it('are written as policies, changed by repeating, and taken back', async () => {
    expect(await run('cordon west --gns bookinfo --dry-run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('failoverpolicy/default/cordon-bookinfo-west created (dry run)') as string,
    });
    expect((await run('cordon west --gns bookinfo')).out).toBe('failoverpolicy/default/cordon-bookinfo-west created\n');
    const targets = [{ globalNamespace: 'bookinfo' }];
    expect(await specOf('cordon-bookinfo-west')).toEqual({
      targets,
      cordon: { clusters: ['west'], mode: 'LAST_RESORT' },
    });
    expect((await run('drain west --gns bookinfo --force')).out).toContain('updated');
    expect(await specOf('cordon-bookinfo-west')).toEqual({
      targets,
      cordon: { clusters: ['west'], mode: 'DRAIN', force: true },
    });
    expect((await run('uncordon west --gns bookinfo')).out).toContain('deleted');
    expect((await run('uncordon west --gns bookinfo')).code).toBe(1);
  });

  it('name other policies that cordon the same cluster', async () => {
    await run('cordon west --gns bookinfo --service reviews');
    await run('cordon west --gns bookinfo');
    const { code, err } = await run('uncordon west --gns bookinfo');
    expect([code, err]).toEqual([
      0,
      expect.stringContaining('west is also cordoned by FailoverPolicy cordon-bookinfo-reviews-west'),
    ]);
    expect((await run('uncordon west --gns bookinfo --service reviews')).code).toBe(0);
  });

  it('have names that fit, however long the words are', async () => {
    const service = 's'.repeat(60);
    const { out } = await run(`cordon west --gns bookinfo --service ${service}`);
    const [name = ''] = /cordon-bookinfo-s+-[0-9a-f]{8}/.exec(out) ?? [];
    expect(name.length).toBe(63);
    expect((await run(`uncordon west --gns bookinfo --service ${service}`)).code).toBe(0);
  });
});
