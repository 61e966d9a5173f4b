import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isthmus } from '../terminal.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

postgres.suite('roles on the command line', () => {
  let api: TestApi;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-roles-'));
    api = await startTestApi();
  });
  afterAll(async () => {
    await api.close();
    rmSync(root, { recursive: true, force: true });
  });
  const run = (args: string, token = api.token) => {
    const shared = { configFile: join(root, 'none'), noColour: true, forceColour: false, editor: 'vi' };
    return isthmus(args, { env: { ...shared, server: api.url, token } });
  };

  it('are refused without a subject, with two, at two places, and with a time that is none', async () => {
    for (const args of [
      'grant Viewer',
      'grant Viewer --user a --group b',
      'grant Viewer --user a -p x --cluster-group y',
      'grant Viewer --user a --until soon',
    ])
      expect((await run(args)).code).toBe(64);
  });

  it('are refused to those who hold too little, with the permission', async () => {
    const { code, err } = await run('grant Viewer --user ada', api.viewerToken);
    expect([code, err]).toEqual([1, expect.stringContaining('roles.manage')]);
  });

  it('say no with exit code 1 and yes with 0', async () => {
    expect(await run('auth can-i write TrafficPolicy -p default', api.viewerToken)).toMatchObject({
      code: 1,
      out: 'no\n',
    });
    expect(await run('auth can-i read gns -p default -n shop', api.viewerToken)).toMatchObject({
      code: 0,
      out: 'yes\n',
    });
    expect(await run('auth can-i holds.approve')).toMatchObject({ code: 0, out: 'yes\n' });
    expect(await run('auth can-i fly Cluster')).toMatchObject({
      code: 64,
      err: expect.stringContaining('there is no permission') as string,
    });
    expect(await run('auth can-i list gns', api.viewerToken)).toMatchObject({ code: 0, out: 'yes\n' });
    expect(await run('auth can-i create gns', api.viewerToken)).toMatchObject({ code: 1, out: 'no\n' });
  });

  it('that are not there are missed, and so is whom they would be granted to', async () => {
    expect(await run('get roles nope -o json')).toMatchObject({
      code: 1,
      out: '',
      err: 'ISM0615 ERROR there is no role nope\n',
    });
    expect(await run('get bindings nope')).toMatchObject({ code: 1, err: 'ISM0615 ERROR there is no grant nope\n' });
    expect((await run('grant Viewer --user ada')).err).toContain('ISM0986');
    expect((await run('grant Viewer --service-account deployer')).err).toContain('ISM0615');
    const id = (await run('service-account create deployer')).out.trim();
    const made = await run('grant Viewer --service-account deployer');
    expect(made.out).toMatch(new RegExp(`service account ${id} +Viewer +organization +- +deployer +`));
    await run(`revoke ${made.out.trim().split(/\s+/).at(-1) ?? ''}`);
  });

  it('are shown, granted and revoked', async () => {
    expect((await run('whoami', api.viewerToken)).out).toMatch(/^token:\S+ in default\nViewer on organization\n$/);
    expect((await run('get roles')).out).toMatch(/^NAME .*\nOwner +built in/);
    expect((await run('grant Developer --group devs -p default --until 2999-01-31')).out).toMatch(
      /group devs +Developer +project default +2999-01-31T23:59:59.000Z/,
    );
    const [id = ''] = (await run('get bindings -o name')).out.trim().split('\n');
    expect((await run(`revoke ${id}`)).out).toBe('devs is not Developer on project default any more\n');
    expect((await run(`revoke ${id}`)).code).toBe(1);
    expect((await run('get bindings')).err).toContain('none found');
  });
});
